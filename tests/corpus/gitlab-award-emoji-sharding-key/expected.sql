UPDATE award_emoji a SET namespace_id = p.namespace, organization_id = p.organization FROM (
  SELECT 'Issue' AS type, id, namespace_id AS namespace, NULL::bigint AS organization FROM issues
  UNION ALL SELECT 'MergeRequest', m.id, project_namespace_id, NULL FROM merge_requests m LEFT JOIN projects p ON p.id = target_project_id
  UNION ALL SELECT 'Epic', id, group_id, NULL FROM epics
  UNION ALL SELECT 'Snippet', s.id, project_namespace_id, organization_id FROM snippets s LEFT JOIN projects p ON p.id = project_id
  UNION ALL SELECT 'Note', n.id, coalesce(project_namespace_id, namespace_id), CASE WHEN num_nonnulls(project_id, namespace_id) = 0 THEN organization_id END
    FROM notes n LEFT JOIN projects p ON p.id = project_id) AS p WHERE p.type = awardable_type AND p.id = awardable_id;
WITH gone AS (DELETE FROM award_emoji WHERE namespace_id IS NULL AND organization_id IS NULL RETURNING *)
INSERT INTO award_emoji_archived SELECT *, :now FROM gone;
