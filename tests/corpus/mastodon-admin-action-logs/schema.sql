-- dialect: postgres
CREATE TABLE admin_action_logs (
  id bigint PRIMARY KEY,
  target_type varchar,
  target_id bigint,
  human_identifier varchar,
  route_param varchar,
  permalink varchar
);
CREATE TABLE accounts (id bigint PRIMARY KEY, username varchar, domain varchar);
CREATE TABLE users (id bigint PRIMARY KEY, account_id bigint);
CREATE TABLE statuses (id bigint PRIMARY KEY, account_id bigint, uri varchar, local boolean);
CREATE TABLE domain_blocks (id bigint PRIMARY KEY, domain varchar);
CREATE TABLE ip_blocks (id bigint PRIMARY KEY, ip inet);
