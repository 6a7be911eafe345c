UPDATE sentry_environmentproject SET is_hidden = true WHERE environment_id IN (SELECT id FROM sentry_environment WHERE name = 'none');
