-- ignore: notification_policies.id
INSERT INTO notification_policies (account_id, filter_not_followers, filter_not_following, filter_private_mentions)
SELECT account_id, coalesce(a = 'true', false), coalesce(b = 'true', false), coalesce(c = 'true', false) FROM (SELECT account_id, settings::json->>'interactions.must_be_follower' AS a,
  settings::json->>'interactions.must_be_following' AS b, settings::json->>'interactions.must_be_following_dm' AS c FROM users WHERE settings LIKE '{%') AS s
WHERE 'true' IN (a, b, c) ON CONFLICT (account_id) DO NOTHING;
