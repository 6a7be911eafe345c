-- dialect: postgres
CREATE TABLE projects_domain (id int PRIMARY KEY, project_id int, url varchar, domain varchar UNIQUE, count int);
CREATE TABLE projects_project (id int PRIMARY KEY, slug varchar, main_language_project_id int);
CREATE TABLE projects_projectrelationship (id int PRIMARY KEY, parent_id int, child_id int);
