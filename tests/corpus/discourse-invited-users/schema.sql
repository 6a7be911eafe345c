-- dialect: postgres
CREATE TABLE invites (id int PRIMARY KEY, user_id int, redeemed_at timestamp, created_at timestamp, updated_at timestamp);
CREATE TABLE invited_users (
  id serial PRIMARY KEY,
  user_id int,
  invite_id int,
  redeemed_at timestamp,
  created_at timestamp,
  updated_at timestamp
);
