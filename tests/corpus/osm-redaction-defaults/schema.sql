-- dialect: postgres
CREATE TABLE redactions (id int PRIMARY KEY, title varchar, description text);
