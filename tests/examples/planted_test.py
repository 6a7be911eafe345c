#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A bug planted in the native body of one function, in the run alone, is found by `verify`; without it there is none."""
import argparse
import json
import os
import pathlib
import sqlite3
import subprocess
import sys
import tempfile

SPEC = """
backfill planted {{
  table people key (id)
  derive result = {expression}
}}
"""
EXPRESSIONS = {
    "split_part": "split_part(email, '@', 2)",
    "lower": "lower(email)",
    "length": "length(email) as text",
}


def run(binary, *arguments, **environment):
    return subprocess.run([binary, *map(str, arguments)], capture_output=True, text=True, timeout=120,
                          env={**os.environ, **environment})


def verified(binary, folder, function, **environment):
    """Exit code and mismatches of `verify --full` after a run in that environment."""
    path, spec = folder / f"{function}.db", folder / f"{function}.backfill"
    path.unlink(missing_ok=True)
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE people (id INTEGER PRIMARY KEY, email TEXT NOT NULL, result TEXT)")
    database.executemany("INSERT INTO people (id, email) VALUES (?, ?)",
                         ((i, f"Person.{i}@Mail{i % 13}.Example.org") for i in range(20_000)))
    database.commit()
    database.close()
    spec.write_text(SPEC.format(expression=EXPRESSIONS[function]), encoding="utf-8")
    done = run(binary, "run", spec, "--db", f"sqlite:{path}", "--yes", "--quiet", "--engine", "native", **environment)
    if done.returncode != 0:
        sys.exit(f"{function}: the run ended with {done.returncode}\n{done.stdout}{done.stderr}")
    found = run(binary, "verify", "--full", "--db", f"sqlite:{path}", "--json")
    return found.returncode, json.loads(found.stdout)["mismatches"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    binary = parser.parse_args().binary
    with tempfile.TemporaryDirectory(prefix="backfill-planted-") as name:
        folder = pathlib.Path(name)
        for function in EXPRESSIONS:
            clean = verified(binary, folder, function)
            if clean != (0, 0):
                sys.exit(f"{function}: without a bug verify gave {clean}")
            code, mismatches = verified(binary, folder, function, BACKFILL_TEST_PLANT_BUG=function)
            if code != 4 or mismatches == 0:
                sys.exit(f"{function}: the planted bug was not found: exit {code}, {mismatches} mismatches")
            print(f"{function}: {mismatches} of 20000 rows were found wrong")
    print(f"{len(EXPRESSIONS)} passed, 0 failed")


main()
