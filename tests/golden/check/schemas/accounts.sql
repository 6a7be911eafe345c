-- Tables of every kind that a spec can meet: nullable and NOT NULL, generated, opaque, without a key.
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  email TEXT NOT NULL UNIQUE,
  nickname TEXT,
  status TEXT,
  status_note VARCHAR(10),
  plan_code TEXT NOT NULL,
  is_active BOOLEAN NOT NULL,
  opted_in BOOLEAN,
  created_at TIMESTAMP NOT NULL,
  deleted_at TIMESTAMP,
  born DATE,
  seats INTEGER,
  logins INTEGER NOT NULL,
  balance DECIMAL(10, 2) NOT NULL,
  discount DECIMAL(5, 2),
  score REAL,
  weight REAL NOT NULL,
  photo BLOB,
  shape GEOMETRY,
  domain TEXT GENERATED ALWAYS AS (substr(email, instr(email, '@') + 1)) STORED
);

CREATE TABLE memberships (
  account_id INTEGER NOT NULL,
  team TEXT NOT NULL,
  role TEXT,
  PRIMARY KEY (account_id, team)
) WITHOUT ROWID;

CREATE TABLE audit_log (at TIMESTAMP, message TEXT);

CREATE TABLE loose_keys (code TEXT PRIMARY KEY, label TEXT);

CREATE TABLE readings (taken REAL NOT NULL PRIMARY KEY, quality TEXT);

CREATE TABLE tags (tag TEXT NOT NULL COLLATE NOCASE PRIMARY KEY, label VARCHAR(5), short VARCHAR(5));
