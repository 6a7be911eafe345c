-- dialect: postgres
CREATE TABLE traces (
  project_id text, id text, timestamp timestamptz(3) NOT NULL, name text NOT NULL, environment text NOT NULL, version text, release text,
  tags text[] NOT NULL, user_id text, session_id text, public boolean NOT NULL, bookmarked boolean NOT NULL, input text, output text,
  metadata jsonb NOT NULL, created_at timestamptz(3) NOT NULL, updated_at timestamptz(3) NOT NULL, event_ts timestamptz(3) NOT NULL, is_deleted smallint NOT NULL,
  PRIMARY KEY (project_id, id)
);
CREATE TABLE dataset_run_items_rmt (id bigint PRIMARY KEY, project_id text NOT NULL, trace_id text NOT NULL);
CREATE TABLE events_full (
  project_id text, trace_id text, span_id text, parent_span_id text NOT NULL, type text NOT NULL, name text NOT NULL, environment text NOT NULL,
  version text NOT NULL, release text NOT NULL, tags text[] NOT NULL, user_id text NOT NULL, session_id text NOT NULL, public boolean NOT NULL, bookmarked boolean NOT NULL,
  input text NOT NULL, output text NOT NULL, metadata_names text[] NOT NULL, metadata_values text[] NOT NULL, source text NOT NULL,
  start_time timestamptz(3) NOT NULL, created_at timestamptz(3) NOT NULL, updated_at timestamptz(3) NOT NULL, event_ts timestamptz(3) NOT NULL, is_deleted smallint NOT NULL,
  PRIMARY KEY (project_id, trace_id, span_id)
);
