-- dialect: postgres
CREATE TABLE projects (id uuid PRIMARY KEY, name text UNIQUE);
CREATE TABLE releases (id uuid PRIMARY KEY, project_id uuid, version text, yanked boolean NOT NULL, yanked_date timestamp);
CREATE TABLE journals (id int PRIMARY KEY, name text, version text, action text, submitted_date timestamp);
