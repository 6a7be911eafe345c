UPDATE projects_project p SET remote_repository_id = last FROM (SELECT project_id, max(id) AS last FROM oauth_remoterepository GROUP BY 1) AS r WHERE r.project_id = p.id;
