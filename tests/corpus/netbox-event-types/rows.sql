INSERT INTO extras_eventrule SELECT i, pick(i, NULL, true, false), pick(i + 1, NULL, true, false), pick(i + 2, NULL, true, false), pick(i + 3, NULL, true, false),
  pick(i + 4, NULL, true, false), pick(i, NULL, '{old}')::varchar[] FROM numbers(200) i;
