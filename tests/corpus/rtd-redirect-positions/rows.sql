INSERT INTO redirects_redirect SELECT i, pick(i, NULL, 1, 2, 3), pick(i, NULL, 'sphinx_html', 'sphinx_htmldir', 'page', ''), pick(i, NULL, true, false), pick(i, NULL, 4),
  pick(i, NULL, timestamptz '2023-01-01 00:00+00', at(i)) FROM numbers(150) i;
