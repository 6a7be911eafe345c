-- dialect: postgres
CREATE TABLE award_emoji (
  id bigint PRIMARY KEY,
  name text,
  user_id bigint,
  awardable_id bigint,
  awardable_type text,
  created_at timestamptz,
  updated_at timestamptz,
  namespace_id bigint,
  organization_id bigint
);
CREATE TABLE award_emoji_archived (
  id bigint PRIMARY KEY,
  name text,
  user_id bigint,
  awardable_id bigint,
  awardable_type text,
  created_at timestamptz,
  updated_at timestamptz,
  namespace_id bigint,
  organization_id bigint,
  archived_at timestamptz DEFAULT now()
);
CREATE TABLE issues (id bigint PRIMARY KEY, namespace_id bigint NOT NULL);
CREATE TABLE merge_requests (id bigint PRIMARY KEY, target_project_id bigint NOT NULL);
CREATE TABLE epics (id bigint PRIMARY KEY, group_id bigint NOT NULL);
CREATE TABLE snippets (id bigint PRIMARY KEY, project_id bigint, organization_id bigint);
CREATE TABLE notes (id bigint PRIMARY KEY, project_id bigint, namespace_id bigint, organization_id bigint);
CREATE TABLE projects (id bigint PRIMARY KEY, project_namespace_id bigint NOT NULL);
