INSERT INTO keywords (keyword) SELECT DISTINCT k FROM (SELECT pick(i, 'Web' || i / 3, 'web' || i / 3, 'WEB' || i / 3, 'É' || i, 'plain' || i) AS k FROM numbers(60) i) AS s WHERE k NOT LIKE 'WEB%' ORDER BY 1;
INSERT INTO crates_keywords SELECT DISTINCT num(i, 30), 1 + num(i, 40, 'k') FROM numbers(200) i;
