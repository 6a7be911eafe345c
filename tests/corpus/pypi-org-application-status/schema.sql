-- dialect: postgres
CREATE TYPE organizationapplicationstatus AS ENUM ('submitted','declined','deferred','moreinformationneeded','approved');
CREATE TABLE organization_applications (
  id uuid PRIMARY KEY,
  is_approved boolean,
  status organizationapplicationstatus NOT NULL DEFAULT 'submitted'
);
