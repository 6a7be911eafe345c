-- dialect: postgres
CREATE TABLE organizations_teaminvite (id int PRIMARY KEY, organization_id int, team_id int, email varchar, hash varchar UNIQUE);
CREATE TABLE organizations_organizationowner (id int PRIMARY KEY, organization_id int, owner_id int);
CREATE TABLE organizations_teammember (id int PRIMARY KEY, invite_id int, member_id int);
CREATE TABLE invitations_invitation (
  id serial PRIMARY KEY,
  token varchar UNIQUE,
  from_user_id int,
  to_email varchar,
  content_type_id int,
  object_id int,
  expiration_date timestamptz
);
