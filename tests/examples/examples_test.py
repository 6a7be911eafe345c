#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Every example is checked, formatted, tested, planned, dry-run, run, verified, run again (nothing changes) and rolled back."""
import argparse
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FOLDER = ROOT / "examples/chinook"
TABLES = ("Customer", "Track", "Invoice", "Playlist", "Artist", "Album", "Style")


class Tool:
    def __init__(self, binary):
        self.binary = binary

    def __call__(self, *arguments, expect=(0,)):
        done = subprocess.run([self.binary, *map(str, arguments)], capture_output=True, text=True, timeout=300)
        if done.returncode not in expect:
            sys.exit(f"backfill {' '.join(map(str, arguments))}\nended with {done.returncode}, expected {expect}\n"
                     f"{done.stdout}\n{done.stderr}")
        return done

    def json(self, *arguments, expect=(0,)):
        return json.loads(self(*arguments, "--json", expect=expect).stdout)


def chinook(path):
    database = sqlite3.connect(path)
    for script in ("chinook.sql", "migration.sql"):
        database.executescript((FOLDER / script).read_text(encoding="utf-8"))
    database.close()


def tables(path):
    database = sqlite3.connect(path)
    result = {}
    for table in TABLES:
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")')]
        result[table] = database.execute(
            f"""SELECT {', '.join(f'quote("{column}")' for column in columns)} FROM "{table}" ORDER BY 1""").fetchall()
    database.close()
    return result


def run_to_its_end(tool, spec, url):
    """Approves where a gate asks for it; gives the number of approvals."""
    for approvals in range(5):
        done = tool("run", spec, "--db", url, "--yes", "--quiet", expect=(0, 3, 4))
        if done.returncode != 3:
            return approvals
        tool("approve", "--db", url, "--by", "support lead")
    sys.exit(f"{spec.name}: still waiting after five approvals")


def check_example(tool, spec, folder):
    path = folder / (spec.stem + ".db")
    url = f"sqlite:{path}"
    chinook(path)
    before = tables(path)
    tool("check", spec, "--db", url)
    tool("fmt", "--check", spec)
    tool("test", spec, "--schema", folder / "schema.sql")
    tool("plan", spec, "--schema", folder / "schema.sql")
    tool("dry-run", spec, "--db", url, expect=(0, 4))
    if tables(path) != before:
        sys.exit(f"{spec.name}: the dry run changed the database")
    approvals = run_to_its_end(tool, spec, url)
    after = tables(path)
    changed = sum(one != other for table in TABLES for one, other in zip(before[table], after[table]))
    if changed == 0:
        sys.exit(f"{spec.name}: the run changed nothing")
    tool("verify", "--full", "--db", url)
    run_to_its_end(tool, spec, url)
    if tables(path) != after:
        sys.exit(f"{spec.name}: a second run changed rows again")
    first_run = min(entry["run"] for entry in tool.json("runs", "--db", url)["runs"])
    tool("rollback", first_run, "--db", url, "--yes")
    if tables(path) != before:
        sys.exit(f"{spec.name}: the rollback did not restore the tables")
    print(f"{spec.name}: {changed} rows changed, verified and restored ({approvals} approvals)")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    tool = Tool(parser.parse_args().binary)
    with tempfile.TemporaryDirectory(prefix="backfill-examples-") as name:
        folder = pathlib.Path(name)
        chinook(folder / "schema.db")
        database = sqlite3.connect(folder / "schema.db")
        ddl = [row[0] + ";\n" for row in database.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
        (folder / "schema.sql").write_text("".join(ddl), encoding="utf-8")
        specs = sorted(FOLDER.glob("*.backfill"))
        if len(specs) < 5:
            sys.exit(f"found {len(specs)} examples")
        for spec in specs:
            check_example(tool, spec, folder)
    print(f"{len(specs)} passed, 0 failed")


main()
