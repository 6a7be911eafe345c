UPDATE sentry_rule r SET status = 1 WHERE coalesce(jsonb_array_length(data::jsonb->'actions'), 0) = 0
  OR EXISTS (SELECT FROM sentry_rule o WHERE o.project_id = r.project_id AND o.environment_id IS NOT DISTINCT FROM r.environment_id AND o.id <> r.id AND o.status = 0
             AND o.data::jsonb - 'name' - 'user_id' = r.data::jsonb - 'name' - 'user_id');
