-- Foreign keys that hand a delete on.
CREATE TABLE parents (id INTEGER PRIMARY KEY, kind TEXT);
CREATE TABLE children (
  id INTEGER PRIMARY KEY,
  parent_id INTEGER REFERENCES parents (id) ON DELETE SET NULL,
  note TEXT
);
CREATE TABLE letters (id INTEGER PRIMARY KEY, parent_id INTEGER REFERENCES parents (id) ON DELETE CASCADE);
