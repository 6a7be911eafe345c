UPDATE personal_access_tokens t SET scopes = E'---\n' || (
    SELECT string_agg('- ' || item || E'\n', '' ORDER BY at) FROM (
      SELECT item, min(n) AS at FROM (
        SELECT (m.part)[1] AS item, n FROM regexp_matches(t.scopes, '^- ([a-z_]+)$', 'gn') WITH ORDINALITY AS m(part, n)
        UNION ALL SELECT 'admin_mode', 99) AS items GROUP BY item) AS first_ones)
FROM users WHERE users.id = user_id AND admin AND revoked IS NOT TRUE AND (expires_at IS NULL OR expires_at > (:now AT TIME ZONE 'UTC')::date)
  AND scopes NOT LIKE '--- !%' AND scopes NOT LIKE '%admin_mode%';
