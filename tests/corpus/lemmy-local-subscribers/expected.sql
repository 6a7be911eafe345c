UPDATE community_aggregates a SET subscribers_local = n FROM (
  SELECT community_id, count(*) FILTER (WHERE local) AS n FROM community_follower LEFT JOIN person ON person.id = person_id GROUP BY 1) AS f
WHERE f.community_id = a.community_id;
