-- dialect: postgres
CREATE TABLE account_types (id int PRIMARY KEY, type varchar);
CREATE TABLE accounts (id int PRIMARY KEY, account_type_id int, name varchar);
