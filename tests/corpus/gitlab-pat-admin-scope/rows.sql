INSERT INTO users SELECT i, num(i, 3) = 0 FROM numbers(60) i;
INSERT INTO personal_access_tokens
SELECT i, 1 + num(i, 60), pick(i, NULL, false, false, true), pick(i, NULL, date '2099-01-01', date '2020-01-01', (now() AT TIME ZONE 'UTC')::date),
       pick(i, E'---\n- api\n', E'---\n- read_user\n- api\n', E'--- []\n', E'---\n- admin_mode\n', E'---\n- api\n- admin_mode\n- read_user\n', E'---\n- api\n- api\n', '--- !ruby/x {}')
FROM numbers(300) i;
