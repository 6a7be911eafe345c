-- dialect: postgres
CREATE TABLE boards (_id text PRIMARY KEY, stars int);
CREATE TABLE users (_id text PRIMARY KEY, profile jsonb /* {starredBoards:[id]} */);
