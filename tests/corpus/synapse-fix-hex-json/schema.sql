-- dialect: postgres
CREATE TABLE event_json (event_id text PRIMARY KEY, room_id text NOT NULL, internal_metadata text NOT NULL, json text NOT NULL);
CREATE TABLE redactions (event_id text PRIMARY KEY, redacts text NOT NULL, have_censored boolean NOT NULL);
