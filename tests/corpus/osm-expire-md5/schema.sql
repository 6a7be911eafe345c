-- dialect: postgres
CREATE TABLE users (id bigint PRIMARY KEY, pass_crypt varchar NOT NULL, pass_salt varchar);
