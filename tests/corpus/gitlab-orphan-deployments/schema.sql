-- dialect: postgres
CREATE TABLE environments (id bigint PRIMARY KEY);
CREATE TABLE deployments (id bigint PRIMARY KEY, environment_id bigint NOT NULL);
