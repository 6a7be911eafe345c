-- ignore: differential_reviewer.id
INSERT INTO differential_reviewer ("revisionPHID", "reviewerPHID", "reviewerStatus", "lastActionDiffPHID", "lastCommentDiffPHID")
SELECT src, dst, CASE said WHEN 'commented' THEN 'added' ELSE replace(said, '-older', '') END, CASE WHEN said <> 'commented' THEN diff END, CASE WHEN said = 'commented' THEN diff END FROM (
  SELECT src, dst, said, coalesce((SELECT phid FROM differential_diff WHERE id = (d->>'diff')::int), CASE WHEN said ~ '^(accepted|rejected|commented)$'
    THEN (SELECT f.phid FROM differential_diff f JOIN differential_revision r ON r.id = "revisionID" WHERE r.phid = src ORDER BY f.id DESC LIMIT 1) END) AS diff
  FROM (SELECT src, dst, d, coalesce(d->>'status', 'added') AS said FROM edge LEFT JOIN (SELECT id, data::jsonb->'data' AS d FROM edgedata WHERE data LIKE '{%') AS e ON e.id = "dataID" WHERE type = 35) AS s) AS t;
