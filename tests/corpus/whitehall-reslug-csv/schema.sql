-- dialect: postgres
CREATE TABLE worldwide_organisations (id int PRIMARY KEY, slug varchar(255));
