-- dialect: postgres
CREATE TABLE projects_project (id int PRIMARY KEY, remote_repository_id int);
CREATE TABLE oauth_remoterepository (
  id int PRIMARY KEY,
  vcs_provider varchar,
  remote_id varchar,
  full_name varchar,
  github_app_installation_id int
);
CREATE TABLE oauth_githubappinstallation (id int PRIMARY KEY, installation_id bigint);
CREATE TABLE integrations_integration (id serial PRIMARY KEY, project_id int, integration_type varchar, provider_data jsonb);
