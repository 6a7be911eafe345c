CREATE TABLE nodes (
  id INTEGER PRIMARY KEY,
  code TEXT NOT NULL UNIQUE,
  parent_code TEXT REFERENCES nodes (code) ON UPDATE CASCADE,
  title VARCHAR(80),
  short_title VARCHAR(20),
  path TEXT
);
