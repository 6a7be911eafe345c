INSERT INTO projects SELECT i, 1000 + i FROM numbers(20) i;
INSERT INTO issues SELECT i, 2000 + i FROM numbers(30) i;
INSERT INTO merge_requests SELECT i, 1 + num(i, 24) FROM numbers(30) i;
INSERT INTO epics SELECT i, 3000 + i FROM numbers(30) i;
INSERT INTO snippets SELECT i, pick(i, NULL, 1 + num(i, 24)), pick(i, NULL, 7, 8) FROM numbers(30) i;
INSERT INTO notes SELECT i, pick(i, NULL, NULL, 1 + num(i, 24)), pick(i, NULL, NULL, 4000 + i), pick(i, NULL, 5, 6) FROM numbers(30) i;
INSERT INTO award_emoji SELECT i, 'é' || i, pick(i, NULL, 1), pick(i, NULL, 1 + num(i, 35), 1 + num(i, 30)), pick(i, 'Issue', 'MergeRequest', 'Epic', 'Snippet', 'Note', 'Note', NULL),
  pick(i, NULL, at(i)), NULL, NULL, NULL FROM numbers(300) i;
