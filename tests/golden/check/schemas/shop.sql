-- Tables that look each other up: unique keys, keys of two columns, foreign keys that prove a row and such that do not.
CREATE TABLE regions (code TEXT NOT NULL PRIMARY KEY, name TEXT NOT NULL, note TEXT);
CREATE TABLE plans (id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, seats INTEGER NOT NULL, region TEXT, shape GEOMETRY);
CREATE TABLE prices (plan_id INTEGER NOT NULL, currency TEXT NOT NULL, amount DECIMAL(10, 2) NOT NULL, PRIMARY KEY (plan_id, currency));
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  plan_code TEXT,
  plan_id INTEGER NOT NULL REFERENCES plans (id),
  old_plan_id INTEGER REFERENCES plans (id),
  currency TEXT NOT NULL,
  seats INTEGER NOT NULL,
  region TEXT,
  orders INTEGER,
  spent DECIMAL(10, 2),
  note TEXT
);
CREATE TABLE orders (id INTEGER PRIMARY KEY, account_id INTEGER NOT NULL, total DECIMAL(10, 2) NOT NULL, note TEXT, placed INTEGER);
CREATE TABLE events (at TIMESTAMP, account_id INTEGER);
