-- dialect: postgres
CREATE TABLE note_comments (id bigint PRIMARY KEY, note_id bigint NOT NULL, author_id bigint, event varchar);
CREATE TABLE note_subscriptions (user_id bigint, note_id bigint, PRIMARY KEY(user_id, note_id));
