-- dialect: postgres
CREATE TABLE projects_project (id int PRIMARY KEY, single_version boolean, versioning_scheme varchar(120));
