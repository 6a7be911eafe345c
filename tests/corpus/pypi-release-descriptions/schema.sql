-- dialect: postgres
CREATE TABLE releases (id uuid PRIMARY KEY, description text, description_content_type text, description_id uuid);
CREATE TABLE release_descriptions (
  id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
  content_type text,
  raw text NOT NULL,
  html text NOT NULL,
  rendered_by text NOT NULL,
  release_id uuid NOT NULL
);
