-- dialect: postgres
CREATE TABLE vulnerability_occurrences (id bigint PRIMARY KEY, report_type smallint NOT NULL, raw_metadata text NOT NULL);
