-- dialect: postgres
CREATE TABLE organizations (id uuid PRIMARY KEY, name text NOT NULL, normalized_name text);
