INSERT INTO differential_revision SELECT i, 'D' || i FROM numbers(30) i;
INSERT INTO differential_diff SELECT i, 'F' || i, pick(i, NULL, 1 + num(i, 35)) FROM numbers(80) i;
INSERT INTO edgedata SELECT i, pick(i, NULL, 'no json', '{}', '{"data": {"status": "accepted", "diff": ' || num(i, 90) || '}}', '{"data": {"status": "rejected"}}', '{"data": {"status": "commented"}}',
  '{"data": {"status": "accepted-older", "diff": null}}', '{"data": {"status": "rejected-older", "diff": ' || num(i, 80) || '}}', '{"data": {"status": "blocking"}}') FROM numbers(60) i;
INSERT INTO edge SELECT 'D' || 1 + num(i, 35), pick(i, 35, 35, 36), 'U' || i, i, 0, pick(i, NULL, num(i, 65)) FROM numbers(200) i;
