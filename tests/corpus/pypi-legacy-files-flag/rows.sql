INSERT INTO packages SELECT 'p' || i, num(i, 5) > 0 FROM numbers(100) i;
INSERT INTO release_files SELECT id(i), pick(i, NULL, 'p' || num(i, 110), 'p' || num(i, 60)), pick(i, NULL, 'a.tar.gz', 'b.zip', 'c.whl', 'd.egg', 'e.whl', 'f.zip', 'e.exe', 'g.tar.gz.asc', 'é.tar.gz'),
  pick(i, NULL, 'sdist', 'bdist_wheel', 'bdist_egg', 'sdist', 'bdist_wheel', 'bdist_dumb') FROM numbers(120) i;
