-- dialect: postgres
CREATE TABLE notes (id bigint PRIMARY KEY, description text NOT NULL DEFAULT '', user_id bigint, user_ip inet);
CREATE TABLE note_comments (
  id bigint PRIMARY KEY,
  note_id bigint NOT NULL,
  event varchar,
  body text,
  author_id bigint,
  author_ip inet
);
