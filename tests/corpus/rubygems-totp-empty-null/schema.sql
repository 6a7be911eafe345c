-- dialect: postgres
CREATE TABLE users (id int PRIMARY KEY, totp_seed varchar);
