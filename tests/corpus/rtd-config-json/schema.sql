-- dialect: postgres
CREATE TABLE builds_build (id int PRIMARY KEY, _config text, _config_json jsonb);
