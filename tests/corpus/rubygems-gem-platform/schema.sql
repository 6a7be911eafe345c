-- dialect: postgres
CREATE TABLE versions (id int PRIMARY KEY, platform varchar, gem_platform varchar, full_name varchar, gem_full_name varchar);
