-- dialect: postgres
CREATE TABLE packages (name text PRIMARY KEY, allow_legacy_files boolean NOT NULL);
CREATE TABLE release_files (id uuid PRIMARY KEY, name text, filename text, packagetype text);
