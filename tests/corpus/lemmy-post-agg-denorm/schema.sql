-- dialect: postgres
CREATE TABLE community (id serial PRIMARY KEY, instance_id int);
CREATE TABLE post (id serial PRIMARY KEY, community_id int);
CREATE TABLE post_aggregates (id serial PRIMARY KEY, post_id int UNIQUE, instance_id int);
