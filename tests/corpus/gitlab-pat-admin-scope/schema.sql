-- dialect: postgres
CREATE TABLE users (id bigint PRIMARY KEY, admin boolean NOT NULL DEFAULT false);
CREATE TABLE personal_access_tokens (
  id bigint PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES users(id),
  revoked boolean,
  expires_at date,
  scopes text NOT NULL
);
