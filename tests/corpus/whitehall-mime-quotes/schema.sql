-- dialect: postgres
CREATE TABLE attachment_data (id int PRIMARY KEY, content_type varchar(255));
