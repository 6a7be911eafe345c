-- dialect: postgres
CREATE TABLE person (id serial PRIMARY KEY, local boolean);
CREATE TABLE community_follower (community_id int, person_id int, PRIMARY KEY(community_id, person_id));
CREATE TABLE community_aggregates (community_id int PRIMARY KEY, subscribers_local bigint NOT NULL DEFAULT 0);
