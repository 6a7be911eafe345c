-- dialect: postgres
CREATE TABLE post (id int PRIMARY KEY, creator_id int, local boolean);
CREATE TABLE comment (id int PRIMARY KEY, creator_id int, local boolean);
CREATE TABLE post_actions (person_id int, post_id int, vote_is_upvote boolean, PRIMARY KEY(person_id, post_id));
CREATE TABLE comment_actions (person_id int, comment_id int, vote_is_upvote boolean, PRIMARY KEY(person_id, comment_id));
CREATE TABLE person_actions (
  person_id int,
  target_id int,
  voted_at timestamptz,
  upvotes int,
  downvotes int,
  PRIMARY KEY(person_id, target_id)
);
