UPDATE packages SET allow_legacy_files = false WHERE name NOT IN (SELECT name FROM release_files WHERE name IS NOT NULL
  AND (filename !~ '(\.tar\.gz|\.zip|\.whl|\.egg)$' OR packagetype <> ALL ('{sdist,bdist_wheel,bdist_egg}'::text[])));
