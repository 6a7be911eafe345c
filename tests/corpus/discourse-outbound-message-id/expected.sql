UPDATE posts p SET outbound_message_id = (SELECT message_id FROM incoming_emails WHERE post_id = p.id ORDER BY id LIMIT 1)
WHERE outbound_message_id IS NULL AND created_at >= :now AT TIME ZONE 'UTC' - interval '1 year';
