INSERT INTO release_files SELECT id(i), pick(i, NULL, 'a', 'b', 'c', 'é'), pick(i, '1', '2', NULL), pick(i, NULL, 'sdist', 'sdist', 'bdist_wheel'),
  pick(i, NULL, timestamp '2020-01-01', at(i)::timestamp), pick(i, NULL, true, false) FROM numbers(200) i;
