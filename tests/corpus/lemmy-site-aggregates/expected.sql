-- ignore: site_aggregates.id
INSERT INTO site_aggregates (site_id, users, posts, comments, communities) SELECT id, (SELECT count(*) FROM user_ WHERE local), (SELECT count(*) FROM post WHERE local),
  (SELECT count(*) FROM comment WHERE local), (SELECT count(*) FROM community WHERE local) FROM site;
