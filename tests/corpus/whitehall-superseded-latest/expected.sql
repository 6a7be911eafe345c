-- ignore: unpublishings.id
CREATE TEMP TABLE cases AS SELECT d.id, d.slug, d.latest_edition_id AS latest, max(e.id) FILTER (WHERE e.state = 'deleted') AS deleted, max(e.id) FILTER (WHERE e.state = 'published') AS published,
  max(e.id) FILTER (WHERE e.state = 'unpublished') AS unpublished FROM documents d JOIN editions l ON l.id = d.latest_edition_id LEFT JOIN editions e ON e.document_id = d.id AND e.id > l.id WHERE l.state = 'superseded' GROUP BY d.id;
UPDATE editions e SET state = 'unpublished' FROM cases WHERE e.id = coalesce(deleted, CASE WHEN num_nonnulls(published, unpublished) = 0 THEN latest END);
INSERT INTO unpublishings (edition_id, unpublishing_reason_id, document_type, slug, unpublished_at) SELECT e.id, 1, e.type, slug, :now AT TIME ZONE 'UTC' FROM cases
JOIN editions e ON e.id = coalesce(deleted, CASE WHEN num_nonnulls(published, unpublished) = 0 THEN latest END) WHERE e.id NOT IN (SELECT edition_id FROM unpublishings);
UPDATE documents d SET latest_edition_id = coalesce(deleted, published, unpublished, latest), live_edition_id = CASE WHEN deleted IS NULL AND published IS NOT NULL THEN published ELSE live_edition_id END
FROM cases WHERE cases.id = d.id;
