-- dialect: postgres
CREATE TABLE user_emails (id int PRIMARY KEY, email varchar NOT NULL, normalized_email varchar);
