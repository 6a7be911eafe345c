-- dialect: postgres
CREATE TABLE release_files (
  id uuid PRIMARY KEY,
  name text,
  version text,
  packagetype text,
  upload_time timestamp,
  allow_multiple_sdist boolean
);
