-- ignore: person_actions.voted_at
INSERT INTO person_actions SELECT person_id, creator_id, :now, count(*) FILTER (WHERE v), count(*) FILTER (WHERE NOT v) FROM (
  SELECT person_id, creator_id, vote_is_upvote AS v FROM post_actions JOIN post ON post.id = post_id WHERE local
  UNION ALL SELECT person_id, creator_id, vote_is_upvote FROM comment_actions JOIN comment ON comment.id = comment_id WHERE local) AS votes
WHERE creator_id IS NOT NULL AND v IS NOT NULL GROUP BY 1, 2
ON CONFLICT (person_id, target_id) DO UPDATE SET upvotes = excluded.upvotes, downvotes = excluded.downvotes;
