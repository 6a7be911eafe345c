-- dialect: postgres
CREATE TABLE versions (id int PRIMARY KEY, full_name varchar, indexed boolean, spec_sha256 varchar(44));
