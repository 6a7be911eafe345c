INSERT INTO sentry_integration
SELECT i, pick(i, 'msteams', 'msteams', 'slack', NULL, 'MSTeams'),
       pick(i, NULL, '{}', '{"installation_type": "tenant", "a": 1}', '{"access_token": "é", "n": 1.50}', '{"installation_type": null}') FROM numbers(150) i;
