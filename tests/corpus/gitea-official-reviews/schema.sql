-- dialect: postgres
CREATE TABLE review (id bigint PRIMARY KEY, issue_id bigint, reviewer_id bigint, type int, official boolean NOT NULL DEFAULT false);
CREATE TABLE pull_request (id bigint PRIMARY KEY, issue_id bigint UNIQUE, base_repo_id bigint, base_branch varchar);
CREATE TABLE protected_branch (
  id bigint PRIMARY KEY,
  repo_id bigint,
  branch_name varchar,
  enable_approvals_whitelist boolean,
  approvals_whitelist_user_i_ds text,
  approvals_whitelist_team_i_ds text,
  UNIQUE (repo_id, branch_name)
);
CREATE TABLE repository (id bigint PRIMARY KEY, owner_id bigint, is_private boolean);
CREATE TABLE access (id bigint PRIMARY KEY, user_id bigint, repo_id bigint, mode int, UNIQUE (user_id, repo_id));
CREATE TABLE team_user (id bigint PRIMARY KEY, team_id bigint, uid bigint);
