-- dialect: postgres
CREATE TABLE keywords (id serial PRIMARY KEY, keyword text UNIQUE);
CREATE TABLE crates_keywords (crate_id int, keyword_id int, PRIMARY KEY(crate_id, keyword_id));
