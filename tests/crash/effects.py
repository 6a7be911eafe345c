# SPDX-License-Identifier: Apache-2.0
"""Tables and specs of the crash tests of effects (and of extern functions): a shop whose closed accounts move out, and artists that were imported twice."""

ROWS = """
CREATE TABLE accounts (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, state TEXT, orders BIGINT);
CREATE TABLE orders (id BIGINT NOT NULL PRIMARY KEY, account_id BIGINT NOT NULL, total BIGINT, note TEXT);
CREATE TABLE notes (account_id BIGINT NOT NULL, place BIGINT NOT NULL, body TEXT, PRIMARY KEY (account_id, place));
CREATE TABLE former (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, orders BIGINT NOT NULL);
CREATE TABLE artists (id BIGINT NOT NULL PRIMARY KEY, name TEXT NOT NULL, plays BIGINT NOT NULL, bio TEXT);
CREATE TABLE albums (id BIGINT NOT NULL PRIMARY KEY, artist_id BIGINT REFERENCES artists (id));
CREATE TABLE fans (person BIGINT NOT NULL, artist_id BIGINT NOT NULL REFERENCES artists (id), PRIMARY KEY (person, artist_id));
CREATE INDEX orders_account ON orders (account_id);
CREATE INDEX albums_artist ON albums (artist_id);
CREATE INDEX fans_artist ON fans (artist_id);
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO accounts SELECT i, 'Account ' || i, CASE WHEN i % 2 = 0 THEN 'closed' ELSE 'open' END, NULL FROM n;
INSERT INTO orders SELECT a.id * 10 + k.id, a.id, a.id + k.id, 'order' FROM accounts AS a JOIN accounts AS k ON k.id <= a.id % 4;
INSERT INTO notes SELECT account_id, id % 10, 'note ' || id FROM orders;
INSERT INTO former SELECT id, 'there already', 0 FROM accounts WHERE id % 50 = 0;
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO artists SELECT i, CASE WHEN i % 2 = 0 THEN 'artist ' ELSE 'ARTIST ' END || (i % ({rows} / 3)), i,
  CASE WHEN i % 5 = 0 THEN 'bio ' || i END FROM n;
INSERT INTO albums SELECT id * 2, id FROM artists;
INSERT INTO albums SELECT id * 2 + 1, id FROM artists WHERE id % 3 = 0;
INSERT INTO fans SELECT p.id, a.id FROM artists AS a JOIN artists AS p ON p.id <= 3 WHERE (a.id + p.id) % 3 <> 0;
"""

SPECS = {
    "moves": """
backfill moves {
  table accounts key (id)
  intent amend
  derive orders = count(o in orders where o.account_id = row.id)
  when state = 'closed' as moved {
    insert into former { id = id, name = name, orders = count(o in orders where o.account_id = row.id) } on conflict (id) quarantine
    update o in orders where o.account_id = row.id { note = 'of ' || name, total = missing }
    delete n in notes where n.account_id = row.id
    delete
  }
  stages { canary sample 100 rows seed 41 then verified  rest then verified }
  pace { batch 50 to 100 rows aim 10 ms }
  verify { sample 100 rows then all }
}
""",
    "merges": """
backfill merges {
  table artists key (id)
  merge partition by lower_ascii(name) keep first order by plays desc, id { bio = first present }
  repoint albums.artist_id
  repoint fans.artist_id on conflict drop
  stages { canary sample 100 rows seed 41 then verified  rest then verified }
  pace { batch 50 to 100 rows aim 10 ms }
  verify { sample 100 rows then all }
}
""",
    "asks": """
extern fn rank(name: text) -> int64?
extern fn title(name: text, rank: int64?) -> text

backfill asks {
  intent recompute
  table accounts key (id)
  derive state = title(name, rank(name)) when id % 3 != 0
  derive orders = rank(name) ?? 0
  insert into former { id = id, name = title(name, missing), orders = 1 } on conflict (id) do nothing
  stages { canary sample 100 rows seed 41 then verified  rest then verified }
  pace { batch 50 to 100 rows aim 10 ms }
  verify { sample 100 rows then all }
}
""",
}

# Of `asks`: its program dies at random moments, too. What it answers depends on what it is asked alone.
SETTINGS = "".join(f"""
[extern.{name}]
command = ["python3", "program.py"]
retries = 50
""" for name in ("rank", "title"))
PROGRAM = """
import json, os, random, sys
for line in sys.stdin:
    request = json.loads(line)
    number = int(request["args"]["name"].split()[1])
    if random.randrange(400) == 0: os._exit(1)
    answer = {"value": number % 100 if number % 7 else None}
    if request["fn"] == "title": answer = {"value": f"{request['args']['name']} ({request['args']['rank']})"}
    if number % 40 == 1: answer = {"error": f"nothing is known of {number}"}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
"""

# Batches adapt to time, so that their borders and numbers differ; what they wrote and counted may not.
TABLES = ["accounts", "orders", "notes", "former", "artists", "albums", "fans"]
BOOKS = {
    "runs": "SELECT run, state, rows_total, candidates FROM {books}run ORDER BY 1",
    "classes": "SELECT run, code, name, rows FROM {books}class ORDER BY 1, 2",
    "stages": "SELECT stage, name, state, candidates, met, changed, unchanged, quarantined, conflicts, compared, mismatches "
              "FROM {books}stage ORDER BY 1",
}
