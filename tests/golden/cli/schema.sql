CREATE TABLE accounts (
  id INTEGER NOT NULL PRIMARY KEY,
  email TEXT,
  is_active BOOLEAN NOT NULL,
  deleted_at TIMESTAMP,
  locked_by TEXT,
  plan_code VARCHAR(20),
  seats_text TEXT,
  status VARCHAR(10),
  email_domain TEXT,
  seats INTEGER
);
CREATE INDEX accounts_status ON accounts (status);
CREATE TRIGGER accounts_touched AFTER UPDATE ON accounts BEGIN SELECT 1; END;
CREATE TABLE tags (name TEXT NOT NULL PRIMARY KEY, weight INTEGER NOT NULL);
