-- dialect: postgres
CREATE TABLE oauth_remoterepository (id int PRIMARY KEY, project_id int);
CREATE TABLE projects_project (id int PRIMARY KEY, remote_repository_id int);
