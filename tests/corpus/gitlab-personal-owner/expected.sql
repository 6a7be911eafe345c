UPDATE members m SET access_level = 50 FROM projects p JOIN namespaces n ON n.id = p.namespace_id
WHERE p.id = m.source_id AND m.type = 'ProjectMember' AND access_level < 50 AND n.type = 'User' AND n.owner_id = m.user_id;
