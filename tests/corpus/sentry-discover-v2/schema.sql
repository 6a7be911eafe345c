-- dialect: postgres
CREATE TABLE sentry_discoversavedquery (id bigserial PRIMARY KEY, organization_id bigint NOT NULL, name varchar NOT NULL, query text NOT NULL, version int);
CREATE TABLE sentry_discoversavedqueryproject (id bigserial PRIMARY KEY, discover_saved_query_id bigint NOT NULL, project_id bigint NOT NULL,
  UNIQUE (discover_saved_query_id, project_id));
