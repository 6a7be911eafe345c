WITH anchor AS (
  SELECT (date_trunc('month', :now AT TIME ZONE 'UTC')
          + CASE WHEN extract(day FROM :now AT TIME ZONE 'UTC') >= 22 THEN interval '1 month' ELSE interval '0' END + interval '21 days') AS at)
UPDATE ci_job_artifacts
SET expire_at = (at + CASE WHEN created_at < :now - interval '15 months' THEN interval '3 months' ELSE interval '1 year' END) AT TIME ZONE 'UTC'
FROM anchor WHERE expire_at IS NULL AND (created_at AT TIME ZONE 'UTC')::date < '2020-06-22';
