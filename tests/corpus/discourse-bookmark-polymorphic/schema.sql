-- dialect: postgres
CREATE TABLE bookmarks (
  id bigint PRIMARY KEY,
  post_id int,
  for_topic boolean NOT NULL,
  bookmarkable_id int,
  bookmarkable_type varchar
);
CREATE TABLE posts (id int PRIMARY KEY, topic_id int);
