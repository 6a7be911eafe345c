DELETE FROM projects_domain WHERE count = 0;
DELETE FROM projects_domain WHERE project_id IN (SELECT id FROM projects_project WHERE main_language_project_id > 0 UNION SELECT child_id FROM projects_projectrelationship);
UPDATE projects_domain SET domain = id || '!' || regexp_replace(url, '^[a-z]+://([^/]*).*$', '\1');
DELETE FROM projects_domain WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER (PARTITION BY split_part(domain, '!', 2) ORDER BY count DESC NULLS LAST, id) AS n FROM projects_domain WHERE url IS NOT NULL) AS r WHERE n > 1);
UPDATE projects_domain SET domain = split_part(domain, '!', 2);
