INSERT INTO traces SELECT 'p' || i % 4, 't' || i, at(i), coalesce(words(i), ''), pick(i, 'default', 'é'), words(i, 'v'), pick(i, NULL, 'r1'), pick(i, '{}', '{a}', '{a,"b, c",é}')::text[],
  words(i, 'u'), pick(i, NULL, 's'), pick(i, true, false), pick(i, true, false), words(i, 'in'), words(i, 'out'),
  pick(i, '{}', '{"a": "x", "bb": "é"}', '{"resourceAttributes": "{}", "k": ""}', '{"b": "it''s", "a": "\""}')::jsonb, at(i, 'c'), at(i, 'u'), at(i, 'e'), num(i, 2)::smallint FROM numbers(200) i;
INSERT INTO dataset_run_items_rmt SELECT i, 'p' || num(i, 5), 't' || num(i, 220) FROM numbers(120) i;
