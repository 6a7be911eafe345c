INSERT INTO event_json SELECT '$' || i, 'r' || i % 3, '{}', pick(i, 'no json', '{"depth": 1}', '{"depth": 2, "content": {"org.matrix.labels": ["a", "é", "a", 1, null]}}',
  '{"depth": 3, "content": {"org.matrix.labels": "a"}}', '{"depth": 4, "content": {"org.matrix.labels": ["b"]}}', '{"content": {"org.matrix.labels": ["nowhere"]}}', '{"depth": 5, "content": []}') FROM numbers(200) i;
INSERT INTO event_labels VALUES ('$3', 'a', 'r0', 1);
