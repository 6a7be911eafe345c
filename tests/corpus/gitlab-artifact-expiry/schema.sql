-- dialect: postgres
CREATE TABLE ci_job_artifacts (id bigint PRIMARY KEY, created_at timestamptz NOT NULL, expire_at timestamptz);
