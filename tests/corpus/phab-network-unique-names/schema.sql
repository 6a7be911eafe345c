-- dialect: postgres
CREATE TABLE almanac_network (id int PRIMARY KEY, name varchar(128) NOT NULL);
