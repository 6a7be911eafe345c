-- dialect: postgres
CREATE TYPE registration_mode_enum AS ENUM ('closed','require_application','open');
CREATE TABLE local_site (
  id serial PRIMARY KEY,
  open_registration boolean,
  require_application boolean,
  registration_mode registration_mode_enum
);
