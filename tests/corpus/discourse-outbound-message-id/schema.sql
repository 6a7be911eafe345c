-- dialect: postgres
CREATE TABLE posts (id int PRIMARY KEY, created_at timestamp, outbound_message_id varchar);
CREATE TABLE incoming_emails (id int PRIMARY KEY, post_id int, message_id text);
