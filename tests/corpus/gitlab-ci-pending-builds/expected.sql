-- ignore: ci_pending_builds.id
INSERT INTO ci_pending_builds (build_id, project_id, protected, namespace_id, tag_ids, instance_runners_enabled, namespace_traversal_ids)
SELECT b.id, b.project_id, b.protected, p.namespace_id,
  ARRAY(SELECT tag_id FROM taggings t WHERE t.taggable_id = b.id AND t.taggable_type = 'CommitStatus' AND tag_id IS NOT NULL ORDER BY t.id),
  p.shared_runners_enabled, CASE WHEN s.group_runners_enabled THEN n.traversal_ids ELSE '{}' END
FROM ci_builds b JOIN projects p ON p.id = b.project_id LEFT JOIN project_ci_cd_settings s ON s.project_id = p.id LEFT JOIN namespaces n ON n.id = p.namespace_id
WHERE b.status = 'pending' AND b.type = 'Ci::Build' AND b.runner_id IS NULL ON CONFLICT (build_id) DO NOTHING;
