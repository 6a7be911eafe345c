UPDATE devices d SET last_seen = u.last_seen, ip = u.ip, user_agent = u.user_agent FROM (
  SELECT DISTINCT ON (user_id, device_id) * FROM user_ips WHERE last_seen IS NOT NULL
  ORDER BY user_id, device_id, last_seen DESC, access_token COLLATE "C" DESC NULLS LAST, ip COLLATE "C" DESC) AS u
WHERE u.user_id = d.user_id AND u.device_id = d.device_id;
