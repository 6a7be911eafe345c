-- dialect: postgres
CREATE TABLE sentry_monitor (
  id bigint PRIMARY KEY,
  organization_id bigint,
  project_id bigint,
  slug varchar(50),
  status smallint,
  config text,
  UNIQUE(organization_id, slug)
);
CREATE TABLE sentry_rule (id bigint PRIMARY KEY, project_id bigint, status smallint);
CREATE TABLE sentry_scheduleddeletion (
  id bigserial PRIMARY KEY,
  app_label varchar,
  model_name varchar,
  object_id bigint,
  date_scheduled timestamptz,
  UNIQUE(app_label, model_name, object_id)
);
