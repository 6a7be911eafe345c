-- dialect: postgres
CREATE TABLE site (id serial PRIMARY KEY);
CREATE TABLE user_ (id serial PRIMARY KEY, local boolean);
CREATE TABLE post (id serial PRIMARY KEY, local boolean);
CREATE TABLE comment (id serial PRIMARY KEY, local boolean);
CREATE TABLE community (id serial PRIMARY KEY, local boolean);
CREATE TABLE site_aggregates (
  id serial PRIMARY KEY,
  site_id int NOT NULL,
  users bigint,
  posts bigint,
  comments bigint,
  communities bigint
);
