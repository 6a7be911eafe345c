-- ignore: invitations_invitation.id
CREATE TEMP TABLE taken AS SELECT i.id FROM organizations_teaminvite i WHERE EXISTS (SELECT FROM organizations_teammember m WHERE invite_id = i.id AND member_id IS NULL);
INSERT INTO invitations_invitation (token, from_user_id, to_email, content_type_id, object_id, expiration_date)
SELECT hash, (SELECT owner_id FROM organizations_organizationowner o WHERE o.organization_id = i.organization_id ORDER BY id LIMIT 1), email, 42, team_id, :now + interval '360 hours'
FROM organizations_teaminvite i JOIN taken USING (id) ON CONFLICT (token) DO NOTHING;
DELETE FROM organizations_teammember WHERE invite_id IN (SELECT id FROM taken);
DELETE FROM organizations_teaminvite WHERE id IN (SELECT id FROM taken);
