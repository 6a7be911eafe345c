-- ignore: merge_request_diff_commit_users.id
-- ignore: merge_request_diff_commits.commit_author_id
-- ignore: merge_request_diff_commits.committer_id
INSERT INTO merge_request_diff_commit_users (name, email)
SELECT n, e FROM (
  SELECT left(CASE WHEN author_name !~ '^ *$' THEN author_name END, 512) AS n, left(CASE WHEN author_email !~ '^ *$' THEN author_email END, 512) AS e FROM merge_request_diff_commits
  UNION SELECT left(CASE WHEN committer_name !~ '^ *$' THEN committer_name END, 512), left(CASE WHEN committer_email !~ '^ *$' THEN committer_email END, 512) FROM merge_request_diff_commits) AS pairs
WHERE num_nonnulls(n, e) > 0 AND NOT EXISTS (SELECT FROM merge_request_diff_commit_users u WHERE u.name IS NOT DISTINCT FROM n AND u.email IS NOT DISTINCT FROM e);
