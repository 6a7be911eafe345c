-- dialect: postgres
CREATE TABLE worldwide_offices (id int PRIMARY KEY, content_id varchar(36));
