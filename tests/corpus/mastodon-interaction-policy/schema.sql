-- dialect: postgres
CREATE TABLE users (id bigint PRIMARY KEY, account_id bigint, settings text);
CREATE TABLE notification_policies (
  id bigserial PRIMARY KEY,
  account_id bigint UNIQUE,
  filter_not_followers boolean,
  filter_not_following boolean,
  filter_private_mentions boolean
);
