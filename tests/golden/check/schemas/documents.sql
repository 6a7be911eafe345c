CREATE TABLE users (
  id INTEGER PRIMARY KEY,
  settings JSON,
  profile JSON NOT NULL,
  raw TEXT,
  theme TEXT,
  size INTEGER,
  total INTEGER,
  price DECIMAL(10, 2),
  born DATE,
  dark BOOLEAN,
  keys TEXT
);
