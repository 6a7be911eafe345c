CREATE FUNCTION pg_temp.kind(document text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RETURN CASE WHEN jsonb_typeof(document::jsonb) <> 'object' THEN NULL
              WHEN document::jsonb ? 'parameters' THEN 'llmTool' WHEN document::jsonb ? 'schema' THEN 'llmSchema' END;
EXCEPTION WHEN invalid_text_representation THEN RETURN NULL;
END $$;
UPDATE audit_logs SET resource_type = coalesce(pg_temp.kind(after), pg_temp.kind(before))
WHERE resource_type = 'project' AND resource_id <> project_id AND coalesce(pg_temp.kind(after), pg_temp.kind(before)) IS NOT NULL;
