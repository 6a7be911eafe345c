INSERT INTO merge_request_diff_commit_users (name, email) VALUES ('Ann', 'ann@example.org'), (NULL, 'x@y'), ('é', NULL);
INSERT INTO merge_request_diff_commits SELECT i / 5, i % 5, pick(i, NULL, '', ' ', 'Ann', 'Bob', repeat('é', 600)), pick(i, NULL, '', 'ann@example.org', 'bob@example.org'),
  pick(i + 1, NULL, 'Ann', 'Cyd', 'Bob'), pick(i + 1, NULL, 'ann@example.org', 'bob@example.org', 'x@y') FROM numbers(300) i;
