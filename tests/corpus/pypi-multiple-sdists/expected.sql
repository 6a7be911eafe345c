UPDATE release_files f SET allow_multiple_sdist = coalesce(packagetype = 'sdist', false) AND rank < members FROM (
  SELECT id, row_number() OVER w AS rank, count(*) OVER (PARTITION BY name, version, packagetype) AS members FROM release_files
  WINDOW w AS (PARTITION BY name, version, packagetype ORDER BY upload_time NULLS FIRST, id)) AS ranked WHERE ranked.id = f.id;
