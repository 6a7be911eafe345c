UPDATE catalog_resource_versions v SET semver_major = m[1]::int, semver_minor = m[2]::int, semver_patch = m[3]::int, semver_prerelease = m[4]
FROM (SELECT id, regexp_match(CASE WHEN t ~ '^[^.-]*\.[^.-]*\.[^.-]*' THEN regexp_replace(t, '^([^.-]*\.[^.-]*\.[^.-]*)[^-]*', '\1')
    WHEN t ~ '^[^.-]*\.[^.-]*' THEN regexp_replace(t, '^([^.-]*\.[^.-]*)', '\1.0') ELSE regexp_replace(t, '^([^.-]*)', '\1.0.0') END,
    '^(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})\.(0|[1-9][0-9]{0,8})(?:-([0-9A-Za-z.-]+))?$') AS m
  FROM (SELECT id, regexp_replace(tag, '^v', '') AS t FROM releases) AS tags) AS matched
WHERE matched.id = v.release_id AND m IS NOT NULL AND semver_major IS NULL;
