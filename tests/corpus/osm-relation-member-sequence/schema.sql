-- dialect: postgres
CREATE TABLE relation_members (
  id bigint,
  version bigint,
  member_type varchar,
  member_id bigint,
  member_role varchar,
  sequence_id int NOT NULL DEFAULT 0,
  PRIMARY KEY(id, version, member_type, member_id, member_role)
);
