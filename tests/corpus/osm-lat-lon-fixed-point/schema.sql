-- dialect: postgres
CREATE TABLE current_nodes_v5 (
  id bigint PRIMARY KEY,
  latitude double precision,
  longitude double precision,
  user_id bigint,
  visible boolean,
  tags text,
  "timestamp" timestamp
);
CREATE TABLE current_nodes (
  id bigint PRIMARY KEY,
  latitude int NOT NULL,
  longitude int NOT NULL,
  user_id bigint,
  visible boolean,
  tags text,
  "timestamp" timestamp,
  tile bigint NOT NULL
);
