-- dialect: postgres
CREATE TABLE ci_runners (id bigint PRIMARY KEY, version text, semver text);
