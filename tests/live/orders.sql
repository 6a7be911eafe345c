-- The application's table, and a trigger that keeps every write of anybody. `seq` is drawn while the row is locked: of one row's
-- writes it is their order.
CREATE TABLE orders (
  id bigint PRIMARY KEY, name text NOT NULL, amount bigint NOT NULL, locked boolean NOT NULL DEFAULT false, status text, total bigint);
INSERT INTO orders SELECT 2 * i, 'Name ' || i, i % 1000, i % 10 = 0 FROM generate_series(1, :rows) AS n(i);
CREATE INDEX orders_amount ON orders (amount);
CREATE TABLE first_rows AS SELECT * FROM orders;
CREATE TABLE audit (
  seq bigserial PRIMARY KEY, who text NOT NULL DEFAULT current_setting('application_name'), transaction bigint NOT NULL DEFAULT txid_current(),
  id bigint NOT NULL, before orders, after orders);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO audit (id, before, after) VALUES (coalesce(old.id, new.id), old, new);
  RETURN NULL;
END $$;
CREATE TRIGGER keep AFTER INSERT OR UPDATE OR DELETE ON orders FOR EACH ROW EXECUTE FUNCTION keep();
VACUUM ANALYZE orders;
