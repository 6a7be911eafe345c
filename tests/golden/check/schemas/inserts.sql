-- Tables that rows are inserted into.
CREATE TABLE accounts (
  id INTEGER PRIMARY KEY,
  email TEXT,
  plan TEXT NOT NULL,
  closed_at TIMESTAMP,
  shape GEOMETRY
);
CREATE TABLE profiles (
  id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL UNIQUE,
  display_name TEXT NOT NULL,
  kind TEXT NOT NULL DEFAULT 'person'
);
CREATE TABLE archive (id INTEGER PRIMARY KEY, email TEXT, plan TEXT NOT NULL, closed_at TIMESTAMP, reason TEXT);
CREATE TABLE log (at TIMESTAMP, message TEXT);
CREATE TABLE log_of (id INTEGER PRIMARY KEY, mail TEXT UNIQUE);
CREATE TABLE subscribers (id INTEGER PRIMARY KEY, email TEXT NOT NULL COLLATE NOCASE UNIQUE);
