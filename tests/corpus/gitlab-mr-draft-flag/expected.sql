UPDATE merge_requests SET draft = true
WHERE state_id = 1 AND NOT draft AND (title ILIKE '[draft]%' OR title ILIKE '(draft)%' OR title ILIKE 'draft%' OR title ILIKE '[wip]%' OR title ILIKE 'wip%');
