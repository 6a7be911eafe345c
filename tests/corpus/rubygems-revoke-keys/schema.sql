-- dialect: postgres
CREATE TABLE api_keys (
  id int PRIMARY KEY,
  owner_type varchar,
  owner_id int,
  name varchar,
  hashed_key varchar,
  expires_at timestamp
);
CREATE TABLE events_user_events (id bigserial PRIMARY KEY, user_id int, tag varchar, additional jsonb, created_at timestamp);
