-- dialect: postgres
CREATE TABLE audit_logs (id text PRIMARY KEY, project_id text, resource_type text, resource_id text, before text, after text);
