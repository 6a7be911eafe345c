-- dialect: postgres
CREATE TABLE api_keys (id int PRIMARY KEY, scope_mode int);
CREATE TABLE api_key_scopes (id int PRIMARY KEY, api_key_id int, resource varchar, action varchar);
