-- dialect: postgres
CREATE TABLE ci_builds (id bigint PRIMARY KEY, status text, type text, runner_id bigint, project_id bigint, protected boolean);
CREATE TABLE projects (id bigint PRIMARY KEY, namespace_id bigint, shared_runners_enabled boolean);
CREATE TABLE project_ci_cd_settings (id bigint PRIMARY KEY, project_id bigint UNIQUE, group_runners_enabled boolean);
CREATE TABLE namespaces (id bigint PRIMARY KEY, traversal_ids bigint[]);
CREATE TABLE taggings (id bigint PRIMARY KEY, taggable_id bigint, taggable_type text, tag_id bigint);
CREATE TABLE ci_pending_builds (
  id bigserial PRIMARY KEY,
  build_id bigint UNIQUE,
  project_id bigint,
  protected boolean,
  namespace_id bigint,
  tag_ids bigint[],
  instance_runners_enabled boolean,
  namespace_traversal_ids bigint[]
);
