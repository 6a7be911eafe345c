-- dialect: postgres
CREATE TABLE redirects_redirect (
  id int PRIMARY KEY,
  project_id int,
  redirect_type varchar,
  enabled boolean,
  position int,
  update_dt timestamptz
);
