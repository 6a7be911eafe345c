-- dialect: postgres
CREATE TABLE bookwyrm_edition (id int PRIMARY KEY, isbn_10 varchar(255));
