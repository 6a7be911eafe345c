#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How long a person waits: `--help`, `check` against 1,000 tables, and process start to the first committed batch.

Medians of many starts, next to the cheapest process there is (/bin/true) and against the goals of the project."""
import os
import pathlib
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time

SPEC = """
backfill wide {
  table t0500 key (id)
  scope { exclude locked when c3 is present }
  derive c1 = case { c2 > 10 -> 'large', else -> 'small' }
}
"""


def milliseconds(command, times=21, prepare=None, environment=None, ends=(0,)):
    taken = []
    for _ in range(times):
        if prepare:
            prepare()
        begun = time.perf_counter()
        code = subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment).returncode
        taken.append((time.perf_counter() - begun) * 1000)
        if code not in ends:
            sys.exit(f"{command} ended with {code}")
    return statistics.median(taken)


def main():
    binary = sys.argv[1] if len(sys.argv) > 1 else "build/release/backfill"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        columns = ", ".join(f"c{i} {'TEXT' if i % 2 else 'INTEGER'}" for i in range(1, 10))
        tables = "".join(f"CREATE TABLE t{i:04} (id INTEGER PRIMARY KEY, {columns});\n" for i in range(1000))
        (folder / "schema.sql").write_text(tables)
        (folder / "wide.backfill").write_text(SPEC)
        database = sqlite3.connect(folder / "shop.db")
        database.executescript(tables)
        database.executemany("INSERT INTO t0500 (id, c2) VALUES (?, ?)", ((i, i % 20) for i in range(100_000)))
        database.commit()
        database.close()

        def forget():
            changed = sqlite3.connect(folder / "shop.db")
            names = changed.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'backfill_%'").fetchall()
            for (table,) in names:
                changed.execute(f'DROP TABLE "{table}"')
            changed.execute("UPDATE t0500 SET c1 = NULL")
            changed.commit()
            changed.close()

        crash = dict(os.environ, BACKFILL_TEST_CRASH_AT="after_commit:1")
        url = f"sqlite:{folder / 'shop.db'}"
        rows = [
            ("/bin/true (baseline)", milliseconds(["/bin/true"]), None),
            ("backfill --help", milliseconds([binary, "--help"]), 5),
            ("backfill check, 1,000 tables of DDL text",
             milliseconds([binary, "check", folder / "wide.backfill", "--schema", folder / "schema.sql"]), 150),
            ("backfill check, 1,000 tables of a live database",
             milliseconds([binary, "check", folder / "wide.backfill", "--db", url]), 150),
            ("start to first batch (manifest of 100,000 rows)",
             milliseconds([binary, "run", folder / "wide.backfill", "--db", url, "--yes"], 9, forget, crash, (-9,)), 100),
        ]
    base = rows[0][1]
    for what, taken, goal in rows:
        print(f"{what:<50} {taken:8.1f} ms {taken / base:7.1f} x" + (f"   goal {goal} ms" if goal else ""))


main()
