-- dialect: postgres
CREATE TABLE sentry_rule (id bigint PRIMARY KEY, project_id bigint, environment_id bigint, status smallint, data text);
