-- dialect: postgres
CREATE TABLE devices (user_id text NOT NULL, device_id text NOT NULL, last_seen bigint, ip text, user_agent text, PRIMARY KEY (user_id, device_id));
CREATE TABLE user_ips (user_id text NOT NULL, access_token text NOT NULL, device_id text, ip text NOT NULL, user_agent text, last_seen bigint);
CREATE UNIQUE INDEX user_ips_user_token_ip_unique_index ON user_ips (user_id, access_token, ip);
