INSERT INTO calendar_event
SELECT i, pick(i, NULL, true, true, true, false), pick(i, NULL, '', '{"rule": "weekly"}', '{"rule": "Daily"}', '{}', 'nonsense', '{"rule": null}'),
       pick(i, '{}', '{"recurrenceRule": {"freq": "X"}}', '{"a": [1.50]}', '[]', NULL) FROM numbers(400) i;
