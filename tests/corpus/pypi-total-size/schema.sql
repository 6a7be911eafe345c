-- dialect: postgres
CREATE TABLE projects (id uuid PRIMARY KEY, total_size bigint DEFAULT 0);
CREATE TABLE releases (id uuid PRIMARY KEY, project_id uuid);
CREATE TABLE release_files (id uuid PRIMARY KEY, release_id uuid, size int);
