-- dialect: postgres
CREATE TABLE user_ (id serial PRIMARY KEY);
CREATE TABLE post (id serial PRIMARY KEY, creator_id int);
CREATE TABLE post_like (id serial PRIMARY KEY, post_id int, score smallint);
CREATE TABLE comment (id serial PRIMARY KEY, creator_id int);
CREATE TABLE comment_like (id serial PRIMARY KEY, comment_id int, score smallint);
CREATE TABLE user_aggregates (
  id serial PRIMARY KEY,
  user_id int UNIQUE NOT NULL,
  post_count bigint,
  post_score bigint,
  comment_count bigint,
  comment_score bigint
);
