-- ignore: user_aggregates.id
INSERT INTO user_aggregates (user_id, post_count, post_score, comment_count, comment_score)
SELECT u.id, (SELECT count(*) FROM post WHERE creator_id = u.id), (SELECT coalesce(sum(score), 0) FROM post JOIN post_like l ON l.post_id = post.id WHERE creator_id = u.id),
  (SELECT count(*) FROM comment WHERE creator_id = u.id), (SELECT coalesce(sum(score), 0) FROM comment JOIN comment_like l ON l.comment_id = comment.id WHERE creator_id = u.id)
FROM user_ u WHERE u.id <> 3;
