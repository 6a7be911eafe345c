-- What the run does, without asking whether a row is still as it was read.
CREATE SCHEMA backfill;
CREATE TABLE backfill.backfill_correction_1 (key_id bigint PRIMARY KEY, prior_status text, new_status text, prior_total bigint, new_total bigint);
CREATE PROCEDURE unguarded() LANGUAGE plpgsql AS $$
DECLARE
  at bigint := 0;
BEGIN
  FOR batch IN 1..10 LOOP
    CREATE TEMP TABLE chunk AS SELECT * FROM orders WHERE id > at AND NOT locked ORDER BY id LIMIT 1000;
    COMMIT;
    PERFORM pg_sleep(0.1);
    WITH written AS (
      UPDATE orders AS t SET status = lower(r.name), total = r.amount + 1 FROM chunk AS r WHERE t.id = r.id
      RETURNING r.id, r.status AS prior_status, t.status, r.total AS prior_total, t.total)
    INSERT INTO backfill.backfill_correction_1 SELECT id, prior_status, status, prior_total, total FROM written;
    SELECT max(id) INTO at FROM chunk;
    DROP TABLE chunk;
    COMMIT;
  END LOOP;
END $$;
CALL unguarded();
