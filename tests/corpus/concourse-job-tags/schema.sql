-- dialect: postgres
CREATE TABLE pipelines (id int PRIMARY KEY, groups json);
CREATE TABLE jobs (id int PRIMARY KEY, pipeline_id int, name text, tags text[] DEFAULT '{}');
