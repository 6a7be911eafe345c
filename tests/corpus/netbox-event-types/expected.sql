UPDATE extras_eventrule SET event_types = array_remove(ARRAY[CASE WHEN type_create THEN 'object_created' END, CASE WHEN type_update THEN 'object_updated' END,
  CASE WHEN type_delete THEN 'object_deleted' END, CASE WHEN type_job_start THEN 'job_started' END, CASE WHEN type_job_end THEN 'job_completed' END,
  CASE WHEN type_job_end THEN 'job_errored' END, CASE WHEN type_job_end THEN 'job_failed' END], NULL);
