-- dialect: postgres
CREATE TABLE merge_request_diff_commits (
  merge_request_diff_id bigint,
  relative_order int,
  author_name text,
  author_email text,
  committer_name text,
  committer_email text,
  commit_author_id bigint,
  committer_id bigint,
  PRIMARY KEY(merge_request_diff_id, relative_order)
);
CREATE TABLE merge_request_diff_commit_users (id bigserial PRIMARY KEY, name text, email text, UNIQUE(name, email));
