UPDATE api_keys k SET scope_mode = CASE WHEN found.all IS NULL THEN 0 WHEN found.all = ARRAY['global/read'] THEN 1 ELSE 2 END
FROM api_keys self LEFT JOIN (SELECT api_key_id, array_agg(concat_ws('/', resource, action)) AS all FROM api_key_scopes GROUP BY 1) AS found ON found.api_key_id = self.id
WHERE self.id = k.id;
