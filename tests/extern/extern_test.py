#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Extern functions by the real executable, on both databases."""
import argparse
import json
import os
import pathlib
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.append(str(ROOT / "tests" / "servers"))
from postgres_server import PostgresServer

ROWS = 3000
TABLE = """
CREATE TABLE articles (id BIGINT NOT NULL PRIMARY KEY, slug TEXT NOT NULL, kind TEXT, published_at {timestamp}, words BIGINT, tags {json});
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {rows})
INSERT INTO articles SELECT i, CASE WHEN i % 100 = 7 THEN '2024-13-45-bad' WHEN i % 10 = 3 THEN 'no date ''here'' é'
  ELSE '2024-0' || (1 + i % 9) || '-1' || (i % 10) || '-' || i END, CASE WHEN i % 2 = 0 THEN 'even' END, NULL, NULL, NULL FROM n;
"""
# Answers by what is asked; `--die N` ends at random about every N requests, `--log FILE` keeps what it was asked.
PROGRAM = r'''
import json, os, random, sys, time
words = sys.argv[1:]
die = int(words[words.index("--die") + 1]) if "--die" in words else 0
log = open(words[words.index("--log") + 1], "a") if "--log" in words else None
open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "pids"), "a").write(f"{os.getpid()}\n")
def count(args):
    if args["slug"].endswith("-42"): raise ValueError("not 42")
    return len(args["slug"]) + (args["more"] or 0)
functions = {
    "words_of": count,
    "tags_of": lambda args: {"tags": [args["kind"], args["words"]], "n": 1.50},
    "hangs": lambda args: time.sleep(1000),
}
for line in sys.stdin:
    request = json.loads(line)
    if log: print(line, end="", file=log, flush=True)
    if die and random.randrange(die) == 0: os._exit(3)
    try: answer = {"value": functions[request["fn"]](request["args"])}
    except ValueError as error: answer = {"error": str(error)}
    print(json.dumps({"id": request["id"], **answer}), flush=True)
'''
CHAIN = """
extern fn words_of(slug: text, more: int64?) -> int64
extern fn tags_of(kind: text?, words: int64) -> json

backfill chain {
  intent recompute
  table articles key (id)
  scope { exclude undated when slug like 'no date%' }
  let length = words_of(slug, missing)
  derive words = case { kind is missing -> 0, else -> length + words_of(slug, length) }
  derive tags = tags_of(kind, length) when kind is present
  stages { some sample 100 rows seed 3 then verified  rest then verified }
  pace { batch 100 to 500 rows aim 50 ms }
  verify { sample 50 rows then all }
}
"""
HANGS = """
extern fn hangs(slug: text) -> text
backfill hangs { table articles key (id)  derive kind = hangs(slug) }
"""


def fail(what, *details):
    sys.exit("\n".join([what, *map(str, details)]))


def expect(holds, what, *details):
    if not holds:
        fail(what, *details)


class Sqlite:
    name = "sqlite"

    def __init__(self, folder):
        self.folder = folder

    def fresh(self, name):
        self.path = self.folder / f"{name}.db"
        database = sqlite3.connect(self.path)
        database.executescript(TABLE.format(rows=ROWS, timestamp="TIMESTAMP", json="JSON"))
        database.execute("PRAGMA journal_mode = WAL")
        database.close()
        return f"sqlite:{self.path}"

    def ask(self, sql):
        database = sqlite3.connect(self.path, isolation_level=None)
        try:
            return [tuple("" if value is None else str(value) for value in row) for row in database.execute(sql)]
        finally:
            database.close()

    def books(self, table):
        return f"backfill_{table}"


class Postgres:
    name = "postgres"

    def __init__(self, server):
        self.server = server

    def fresh(self, name):
        self.database = name
        self.server.create(name)
        self.server.ask(name, TABLE.format(rows=ROWS, timestamp="TIMESTAMPTZ", json="JSONB"))
        return self.server.url(name)

    def ask(self, sql):
        return [tuple(line.split("|")) for line in self.server.ask(self.database, sql).splitlines()]

    def books(self, table):
        return f"backfill.backfill_{table}"


class Trial:
    def __init__(self, binary, store, folder):
        self.binary, self.store, self.folder = binary, store, folder
        self.program = folder / "program.py"
        self.program.write_text(PROGRAM)
        self.log = folder / "asked.log"

    def backfill(self, *words, codes=(0,)):
        done = subprocess.run([self.binary, *map(str, words)], capture_output=True, text=True, timeout=240, cwd=self.folder)
        expect(done.returncode in codes, f"{self.store.name}: {words[0]} ends with {done.returncode}, not {codes}", words,
               done.stdout[-3000:], done.stderr[-3000:])
        return done

    def extern(self, name, *words):
        return "--extern", f"{name}=python3 '{self.program}' {' '.join(map(str, words))}"

    def left(self):
        pids = self.folder / "pids"
        if not pids.exists():
            return []
        found = []
        for pid in map(int, pids.read_text().split()):
            try:
                if "program.py" in pathlib.Path(f"/proc/{pid}/cmdline").read_text():
                    found.append(pid)
            except OSError:
                pass
        return found

    def expect_none_left(self, what):
        for _ in range(100):
            if not self.left():
                return
            time.sleep(0.05)
        fail(f"{self.store.name}: {what}: programs are left", self.left())


def blocks(kind):
    return re.findall(rf"^```{kind}\n(.*?)^```", (ROOT / "docs" / "extern.md").read_text(), re.M | re.S)


def the_example(trial):
    """What docs/extern.md shows, and what it says of verification."""
    store, folder = trial.store, trial.folder
    spec = folder / "published.backfill"
    spec.write_text(blocks("backfill")[0])
    (folder / "infer.py").write_text(blocks("python")[0])
    tested = folder / "tested.backfill"
    tested.write_text(blocks("backfill")[1])
    url = store.fresh("example")
    trial.backfill("test", tested, "--db", url)
    none = trial.backfill("run", spec, "--db", url, "--yes", codes=(1,))
    for part in ("nothing answers the extern function `infer_published_at`", "--extern infer_published_at=", "[extern.infer_published_at]"):
        expect(part in none.stderr, "nobody is told how a program is named", none.stderr)
    expect(not [row for row in store.ask("SELECT * FROM articles WHERE published_at IS NOT NULL")], "something was written")
    trial.backfill("plan", spec, "--db", url)
    trial.backfill("check", spec, "--db", url)
    absent = trial.backfill("run", spec, "--db", url, "--yes", "--extern", "infer_published_at=/nowhere/infer", codes=(2,))
    expect("cannot start `/nowhere/infer`" in absent.stderr, "a program that is not there", absent.stderr)
    settings = folder / "backfill.toml"
    settings.write_text(blocks("toml")[0].replace("rate    = 100", "rate    = 100_000"))
    dry = json.loads(trial.backfill("dry-run", spec, "--db", url, "--json", codes=(4,)).stdout)["dry_runs"][0]
    expect(dry["outcomes"]["quarantined"] == ROWS // 100, "dry-run", dry["outcomes"])
    trial.backfill("run", spec, "--db", url, "--yes", "--quiet", codes=(4,))
    # The run that found no program goes on: it is the same one.
    expect(store.ask(f"SELECT count(*), max(state) FROM {store.books('run')}") == [("1", "finished")], "not one run")
    settings.unlink()
    expect(store.ask("SELECT count(*) FROM articles WHERE published_at IS NOT NULL") == [(str(ROWS * 89 // 100),)], "rows written")
    expect(store.ask(f"SELECT count(*) FROM {store.books('extern_1')}") == [(str(ROWS * 99 // 100),)], "answers kept")
    expect(store.ask(f"SELECT DISTINCT outcome, message FROM {store.books('quarantine_1')}") ==
           [("quarantined", "`infer_published_at` says: month must be in 1..12")], "why rows are quarantined",
           store.ask(f"SELECT DISTINCT outcome, message FROM {store.books('quarantine_1')}"))
    expect(store.ask(f"SELECT asked_1 FROM {store.books('extern_1')} WHERE key_id = 3") == [('{"slug":"no date \'here\' é"}',)], "asked")
    clean = json.loads(trial.backfill("verify", "1", "--db", url, "--full", "--json", codes=(0, 4)).stdout)
    expect(clean["clean"] and clean["compared"] == ROWS * 99 // 100, "verify", clean)

    def finds(what, mismatches=1):
        found = json.loads(trial.backfill("verify", "1", "--db", url, "--full", "--json", codes=(4,)).stdout)
        expect(found["mismatches"] == mismatches, f"verify does not see {what}", found)
        trial.backfill("triage", "1", "--db", url, codes=(4,))

    store.ask(f"CREATE TABLE kept AS SELECT * FROM {store.books('extern_1')}")
    store.ask(f"DELETE FROM {store.books('extern_1')} WHERE key_id IN (3, 5)")
    finds("answers that are gone", 2)
    store.ask(f"INSERT INTO {store.books('extern_1')} SELECT * FROM kept WHERE key_id IN (3, 5)")
    store.ask(f"UPDATE {store.books('extern_1')} SET answer_1 = NULL WHERE key_id = 5")
    finds("an answer that was changed")
    store.ask(f"UPDATE {store.books('extern_1')} SET answer_1 = (SELECT answer_1 FROM kept WHERE key_id = 5) WHERE key_id = 5")
    store.ask("UPDATE articles SET published_at = '2020-01-01T00:00:00Z' WHERE id = 5")
    finds("a row that was changed")
    trial.backfill("history", "1", "--db", url)
    trial.backfill("rollback", "1", "--db", url, "--yes", codes=(4,))
    expect(store.ask("SELECT id FROM articles WHERE published_at IS NOT NULL") == [("5",)], "rolled back")


def chains(trial):
    """Answers that are asked with answers, only where they are needed; a program that dies again and again changes nothing."""
    store = trial.store
    spec = trial.folder / "chain.backfill"
    spec.write_text(CHAIN)
    tables = []
    for die in (0, 200):
        url = store.fresh(f"chain_{die}")
        trial.log.unlink(missing_ok=True)
        settings = "".join(f'[extern.{name}]\ncommand = ["python3", "program.py", "--log", "asked.log", "--die", "{die}"]\nretries = 9\n'
                           for name in ("words_of", "tags_of"))
        (trial.folder / "backfill.toml").write_text(settings)
        done = trial.backfill("run", spec, "--db", url, "--yes", "--quiet", "--engine", "both" if die == 0 else "auto", codes=(4,))
        (trial.folder / "backfill.toml").unlink()
        tables.append(store.ask("SELECT id, slug, kind, words, tags FROM articles ORDER BY id"))
        if die == 0:
            asked = [json.loads(line) for line in trial.log.read_text().splitlines()]
            plain = [one for one in asked if one["fn"] == "words_of" and one["args"]["more"] is None]
            odd = {one["args"]["slug"] for one in plain} - {row[1] for row in tables[0] if row[2] == "even"}
            even = sum(row[2] == "even" for row in tables[0])
            expect(len(plain) <= even * 1.1, "a stage asks about rows of another one", len(plain), even)
            expect(not odd, "rows are asked about that need no answer", sorted(odd)[:5])
            expect(not any(one["args"].get("slug", "").startswith("no date") for one in asked), "an excluded row is asked about")
        clean = json.loads(trial.backfill("verify", "1", "--db", url, "--full", "--json", codes=(0, 4)).stdout)
        expect(clean["clean"] and clean["compared"] > ROWS // 2, "verify", clean)
        again = trial.backfill("run", spec, "--db", url, "--yes", "--quiet", "--json", *trial.extern("words_of"),
                               *trial.extern("tags_of"), codes=(4,))
        report = json.loads([line for line in again.stdout.splitlines() if '"event":"report"' in line][0])
        expect(report["outcomes"]["changed"] == 0, "a second run changes rows", report["outcomes"])
    expect(tables[0] == tables[1], "a program that dies makes a difference",
           [pair for pair in zip(*tables) if pair[0] != pair[1]][:3])
    row = [row for row in tables[0] if row[0] == "12"][0]
    length = len(row[1])
    expect(row[3] == str(3 * length), "what is written", row)
    expect(json.loads(row[4]) == {"tags": ["even", length], "n": 1.5}, "the document that is written", row)
    late = store.ask(f"SELECT message FROM {store.books('quarantine_1')} WHERE key_id = 42")
    expect("not 42" in str(late), "an error quarantines its row", late)
    trial.expect_none_left("after runs")


def ends(trial):
    """Ctrl-C and kill -9 while a program hangs: nothing is left running, and the run can be resumed."""
    store = trial.store
    spec = trial.folder / "hangs.backfill"
    spec.write_text(HANGS)
    url = store.fresh("hangs")
    for how in (signal.SIGINT, signal.SIGKILL):
        (trial.folder / "pids").unlink(missing_ok=True)
        run = subprocess.Popen([trial.binary, "run", spec, "--db", url, "--yes", "--quiet", *trial.extern("hangs")],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=trial.folder)
        for _ in range(200):
            if trial.left():
                break
            time.sleep(0.05)
        expect(trial.left(), "the program is not started")
        time.sleep(0.3)
        run.send_signal(how)
        try:
            out, err = run.communicate(timeout=15)
        except subprocess.TimeoutExpired:
            run.kill()
            fail(f"{store.name}: the run does not hear {how.name}")
        expect(run.returncode in (2, -signal.SIGKILL), f"after {how.name} it ends with {run.returncode}", out, err)
        trial.expect_none_left(how.name)
    expect(not store.ask("SELECT id FROM articles WHERE kind IS NULL AND id % 2 = 0"), "rows were touched")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-extern-") as name, PostgresServer(timezone="UTC") as server:
        folder = pathlib.Path(name)
        os.environ["XDG_CACHE_HOME"] = str(folder / "cache")
        for store in (Sqlite(folder), Postgres(server)):
            for test in (the_example, chains, ends):
                if options.only in (None, test.__name__):
                    test(Trial(options.binary, store, folder))
                    print(f"{store.name}: {test.__name__}", flush=True)
    print("extern functions: passed")


main()
