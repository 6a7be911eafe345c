UPDATE admin_action_logs l SET human_identifier = name, route_param = route, permalink = link FROM (
  SELECT 'Account' AS type, id, username || coalesce('@' || domain, '') AS name, NULL AS route, NULL AS link FROM accounts
  UNION ALL SELECT 'User', u.id, username || coalesce('@' || domain, ''), account_id::text, NULL FROM users u JOIN accounts a ON a.id = account_id
  UNION ALL SELECT 'Report', n, n::text, NULL, NULL FROM generate_series(0, 50) n
  UNION ALL SELECT 'DomainBlock', id, domain, NULL, NULL FROM domain_blocks
  UNION ALL SELECT 'Status', s.id, username || coalesce('@' || domain, ''), NULL, CASE WHEN local THEN 'https://social.example/@' || username || '/' || s.id ELSE uri END
    FROM statuses s JOIN accounts a ON a.id = account_id
  UNION ALL SELECT 'IpBlock', id, host(ip) || '/' || masklen(ip), NULL, NULL FROM ip_blocks) AS target
WHERE target.type = target_type AND target.id = target_id AND human_identifier IS NULL;
