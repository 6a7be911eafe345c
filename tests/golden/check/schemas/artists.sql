-- Rows that are merged, and what points to them.
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT, bio TEXT, plays INTEGER NOT NULL, hidden BOOLEAN, born DATE);
CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists (id), title TEXT);
CREATE TABLE fans (person INTEGER NOT NULL, artist_id INTEGER NOT NULL, PRIMARY KEY (person, artist_id));
CREATE TABLE prizes (year INTEGER PRIMARY KEY, artist_id INTEGER REFERENCES artists (id) ON DELETE CASCADE, other_id INTEGER, code TEXT);
CREATE TABLE songs (title TEXT, artist_id INTEGER);
CREATE TABLE duets (id INTEGER PRIMARY KEY, one INTEGER NOT NULL, other INTEGER NOT NULL, UNIQUE (one, other));
