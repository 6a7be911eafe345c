-- dialect: postgres
CREATE TABLE editions (id int PRIMARY KEY, type varchar(255));
CREATE TABLE images (id int PRIMARY KEY, edition_id int, image_kind varchar(255), usage varchar(255));
