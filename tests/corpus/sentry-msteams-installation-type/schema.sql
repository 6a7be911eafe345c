-- dialect: postgres
CREATE TABLE sentry_integration (id bigint PRIMARY KEY, provider varchar(64), metadata text);
