-- dialect: postgres
CREATE TABLE releases (id bigint PRIMARY KEY, tag text);
CREATE TABLE catalog_resource_versions (
  id bigint PRIMARY KEY,
  release_id bigint,
  semver_major int,
  semver_minor int,
  semver_patch int,
  semver_prerelease text
);
