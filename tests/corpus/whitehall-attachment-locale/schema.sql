-- dialect: postgres
CREATE TABLE editions (id int PRIMARY KEY, document_id int, type varchar(255), primary_locale varchar(255));
CREATE TABLE attachments (id int PRIMARY KEY, attachable_type varchar(255), attachable_id int, type varchar(255), locale varchar(255));
