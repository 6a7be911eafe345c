-- ignore: events_user_events.id
INSERT INTO events_user_events (user_id, tag, additional, created_at)
SELECT owner_id, 'user:api_key:deleted', jsonb_build_object('name', name, 'gid', 'gid://gemcutter/ApiKey/' || id), :now AT TIME ZONE 'UTC' FROM api_keys
WHERE name = 'legacy-key' AND owner_type = 'User' AND (expires_at IS NULL OR expires_at > :now AT TIME ZONE 'UTC');
UPDATE api_keys SET expires_at = :now AT TIME ZONE 'UTC' WHERE name = 'legacy-key' AND (expires_at IS NULL OR expires_at > :now AT TIME ZONE 'UTC');
