-- dialect: postgres
CREATE TABLE packages (name text PRIMARY KEY, id uuid NOT NULL DEFAULT gen_random_uuid());
CREATE TABLE releases (name text, version text, id uuid NOT NULL DEFAULT gen_random_uuid(), project_id uuid, PRIMARY KEY (name, version));
CREATE TABLE release_files (id uuid PRIMARY KEY, name text, version text, release_id uuid);
CREATE TABLE release_dependencies (id uuid PRIMARY KEY, name text, version text, release_id uuid);
CREATE TABLE release_classifiers (name text, version text, trove_id int, release_id uuid, PRIMARY KEY (name, version, trove_id));
CREATE TABLE roles (id uuid PRIMARY KEY, role_name text, package_name text, project_id uuid);
