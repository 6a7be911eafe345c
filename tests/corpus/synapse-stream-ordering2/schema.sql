-- dialect: postgres
CREATE TABLE events (event_id text PRIMARY KEY, stream_ordering int NOT NULL, stream_ordering2 bigint);
