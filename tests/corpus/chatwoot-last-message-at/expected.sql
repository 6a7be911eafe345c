UPDATE conversations c SET last_message_at = newest FROM (
  SELECT conversation_id, account_id, max(created_at) AS newest FROM messages WHERE message_type IN (0, 1, 3) AND private = false GROUP BY 1, 2) AS m
WHERE m.conversation_id = c.id AND m.account_id = c.account_id AND (last_message_at IS NULL OR newest > last_message_at);
