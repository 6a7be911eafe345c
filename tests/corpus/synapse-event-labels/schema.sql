-- dialect: postgres
CREATE TABLE event_json (event_id text PRIMARY KEY, room_id text NOT NULL, internal_metadata text NOT NULL, json text NOT NULL);
CREATE TABLE event_labels (
  event_id text,
  label text,
  room_id text NOT NULL,
  topological_ordering bigint NOT NULL,
  PRIMARY KEY(event_id, label)
);
