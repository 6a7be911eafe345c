INSERT INTO user_ (avatar, banner) SELECT pick(i, NULL, '', 'http://a', 'https://b/é', 'ftp://c', 'HTTP://D', 'a http'), pick(i + 1, NULL, 'https://b', 'x', ' http://') FROM numbers(120) i;
INSERT INTO community (icon, banner) SELECT pick(i, NULL, '', 'http://a', 'ftp://c'), pick(i + 1, NULL, 'https://b', 'x') FROM numbers(80) i;
