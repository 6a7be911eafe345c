-- dialect: postgres
CREATE TABLE vulnerability_occurrences (id bigint PRIMARY KEY, raw_metadata text);
CREATE TABLE vulnerability_finding_links (
  id bigserial PRIMARY KEY,
  vulnerability_occurrence_id bigint NOT NULL,
  name text,
  url text NOT NULL,
  created_at timestamptz,
  updated_at timestamptz
);
CREATE UNIQUE INDEX finding_links_name_url ON vulnerability_finding_links (vulnerability_occurrence_id, name, url) WHERE name IS NOT NULL;
CREATE UNIQUE INDEX finding_links_url ON vulnerability_finding_links (vulnerability_occurrence_id, url) WHERE name IS NULL;
