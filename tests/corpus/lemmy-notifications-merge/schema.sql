-- dialect: postgres
CREATE TABLE notification (
  id serial PRIMARY KEY,
  recipient_id int,
  comment_id int,
  post_id int,
  private_message_id int,
  kind text,
  read boolean,
  published_at timestamptz
);
CREATE TABLE person_post_mention (id serial PRIMARY KEY, recipient_id int, post_id int, read boolean, published_at timestamptz);
CREATE TABLE private_message (id serial PRIMARY KEY, recipient_id int, read boolean, published_at timestamptz);
