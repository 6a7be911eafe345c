UPDATE notes n SET description = coalesce(body, ''), user_id = author_id, user_ip = author_ip FROM (
  SELECT DISTINCT ON (note_id) * FROM note_comments ORDER BY note_id, id) AS c WHERE c.note_id = n.id AND event = 'opened';
