INSERT INTO note_subscriptions SELECT DISTINCT author_id, note_id FROM note_comments WHERE author_id IS NOT NULL ON CONFLICT DO NOTHING;
