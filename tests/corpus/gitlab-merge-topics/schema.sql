-- dialect: postgres
CREATE TABLE topics (
  id bigint PRIMARY KEY,
  name text,
  description text,
  avatar text,
  total_projects_count bigint,
  non_private_projects_count bigint
);
CREATE TABLE project_topics (id bigint PRIMARY KEY, project_id bigint, topic_id bigint, UNIQUE(project_id, topic_id));
CREATE TABLE projects (id bigint PRIMARY KEY, visibility_level int);
