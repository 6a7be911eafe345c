SELECT * FROM merge_request_diff_commits c LEFT JOIN merge_request_diff_commit_users u ON u.id = commit_author_id
WHERE left(CASE WHEN author_name !~ '^ *$' THEN author_name END, 512) IS DISTINCT FROM u.name OR left(CASE WHEN author_email !~ '^ *$' THEN author_email END, 512) IS DISTINCT FROM u.email;
SELECT * FROM merge_request_diff_commits c LEFT JOIN merge_request_diff_commit_users u ON u.id = committer_id
WHERE left(CASE WHEN committer_name !~ '^ *$' THEN committer_name END, 512) IS DISTINCT FROM u.name OR left(CASE WHEN committer_email !~ '^ *$' THEN committer_email END, 512) IS DISTINCT FROM u.email;
