-- dialect: postgres
CREATE TABLE sentry_environment (id bigint PRIMARY KEY, name varchar);
CREATE TABLE sentry_environmentproject (id bigint PRIMARY KEY, environment_id bigint, project_id bigint, is_hidden boolean);
