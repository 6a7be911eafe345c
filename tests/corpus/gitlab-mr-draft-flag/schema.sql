-- dialect: postgres
CREATE TABLE merge_requests (id bigint PRIMARY KEY, state_id smallint NOT NULL, draft boolean NOT NULL DEFAULT false, title text);
