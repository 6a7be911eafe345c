UPDATE post_aggregates a SET instance_id = c.instance_id FROM post p JOIN community c ON c.id = p.community_id WHERE p.id = a.post_id;
