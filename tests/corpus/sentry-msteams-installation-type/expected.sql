-- json: sentry_integration.metadata
UPDATE sentry_integration SET metadata = (metadata::jsonb || '{"installation_type": "team"}')::text
WHERE provider = 'msteams' AND NOT metadata::jsonb ? 'installation_type';
