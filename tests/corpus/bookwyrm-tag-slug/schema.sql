-- dialect: postgres
CREATE TABLE bookwyrm_tag (id int PRIMARY KEY, name varchar(100), identifier varchar(100));
