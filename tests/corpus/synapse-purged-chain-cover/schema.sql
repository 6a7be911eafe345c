-- dialect: postgres
CREATE TABLE events (event_id text PRIMARY KEY);
CREATE TABLE event_auth_chains (event_id text PRIMARY KEY, chain_id bigint NOT NULL, sequence_number bigint NOT NULL);
CREATE TABLE event_auth_chain_links (
  origin_chain_id bigint,
  origin_sequence_number bigint,
  target_chain_id bigint,
  target_sequence_number bigint
);
ALTER TABLE event_auth_chain_links ADD PRIMARY KEY (origin_chain_id, origin_sequence_number, target_chain_id, target_sequence_number);
CREATE UNIQUE INDEX event_auth_chains_c_seq_index ON event_auth_chains (chain_id, sequence_number);
