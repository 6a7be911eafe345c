CREATE FUNCTION pg_temp.listed(value text, wanted bigint) RETURNS boolean LANGUAGE plpgsql AS
$$ BEGIN RETURN coalesce(value::jsonb @> to_jsonb(ARRAY[wanted]), false); EXCEPTION WHEN invalid_text_representation THEN RETURN false; END $$;
UPDATE review r SET official = CASE WHEN coalesce(b.enable_approvals_whitelist, false) THEN
    pg_temp.listed(b.approvals_whitelist_user_i_ds, r.reviewer_id) OR
    EXISTS (SELECT 1 FROM team_user t WHERE t.uid = r.reviewer_id AND t.team_id IS NOT NULL AND pg_temp.listed(b.approvals_whitelist_team_i_ds, t.team_id))
  ELSE EXISTS (SELECT 1 FROM repository o WHERE o.id = p.base_repo_id AND o.owner_id = r.reviewer_id)
    OR EXISTS (SELECT 1 FROM access a WHERE a.user_id = r.reviewer_id AND a.repo_id = p.base_repo_id AND a.mode >= 2) END
FROM pull_request p, protected_branch b
WHERE p.issue_id = r.issue_id AND b.repo_id = p.base_repo_id AND b.branch_name = p.base_branch AND r.type IN (1, 3) AND r.reviewer_id IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM review o WHERE o.issue_id = r.issue_id AND o.reviewer_id = r.reviewer_id AND o.type IN (1, 3) AND o.id > r.id);
