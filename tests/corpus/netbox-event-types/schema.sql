-- dialect: postgres
CREATE TABLE extras_eventrule (
  id bigint PRIMARY KEY,
  type_create boolean,
  type_update boolean,
  type_delete boolean,
  type_job_start boolean,
  type_job_end boolean,
  event_types varchar[]
);
