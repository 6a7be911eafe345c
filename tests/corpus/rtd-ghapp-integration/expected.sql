-- ignore: integrations_integration.id
INSERT INTO integrations_integration (project_id, integration_type, provider_data)
SELECT p.id, 'githubapp', jsonb_build_object('installation_id', installation_id, 'repository_id', r.remote_id, 'repository_full_name', full_name)
FROM projects_project p JOIN oauth_remoterepository r ON r.id = remote_repository_id LEFT JOIN oauth_githubappinstallation i ON i.id = github_app_installation_id
WHERE vcs_provider = 'githubapp' AND NOT EXISTS (SELECT FROM integrations_integration x WHERE x.project_id = p.id AND integration_type = 'githubapp');
