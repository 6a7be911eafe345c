#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments of a run over 200,000 customers, resumed until it is finished, equals a control run."""
import argparse
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time

from customers import SPEC, generate
from trial import Trial, compare


class SqliteStore:
    def __init__(self, template, folder):
        self.template, self.folder = template, folder

    def fresh(self, name):
        for leftover in self.folder.glob(f"{name}.db*"):
            leftover.unlink()
        path = self.folder / f"{name}.db"
        shutil.copyfile(self.template, path)
        return f"sqlite:{path}"

    def content(self, url):
        """The table, and the corrections without batch numbers, with every value's storage class."""
        database = sqlite3.connect(url.removeprefix("sqlite:"))

        def rows_of(table, skip=()):
            columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[1] not in skip]
            quoted = ", ".join(f'quote("{column}")' for column in columns)
            return [columns] + database.execute(f'SELECT {quoted} FROM "{table}" ORDER BY 1').fetchall()

        corrections = [row[0] for row in database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'backfill\\_correction\\_%' ESCAPE '\\'")]
        if len(corrections) != 1:
            sys.exit(f"expected one corrections table, found {corrections}")
        result = {"table": rows_of("Customer"), "corrections": rows_of(corrections[0], skip=("batch",))}
        integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
        if integrity != "ok":
            sys.exit(f"integrity_check: {integrity}")
        database.close()
        return result

    def finished(self, url):
        # On a copy: whoever opens the file first after a kill recovers it, and that must be the resumed run.
        path = pathlib.Path(url.removeprefix("sqlite:"))
        probe = path.with_name("probe.db")
        for suffix in ("", "-wal"):
            probe.with_name(probe.name + suffix).unlink(missing_ok=True)
            if path.with_name(path.name + suffix).exists():
                shutil.copyfile(path.with_name(path.name + suffix), probe.with_name(probe.name + suffix))
        database = sqlite3.connect(probe)
        there = database.execute("SELECT count(*) FROM sqlite_master WHERE name = 'backfill_run'").fetchone()[0]
        states = [row[0] for row in database.execute("SELECT state FROM backfill_run")] if there else []
        database.close()
        return "finished" in states


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--kills-per-run", type=int, default=5)
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    with tempfile.TemporaryDirectory(prefix="backfill-kill-") as name:
        folder = pathlib.Path(name)
        template, spec = folder / "template.db", folder / "customers.backfill"
        generate(template, options.rows)
        spec.write_text(SPEC, encoding="utf-8")
        store = SqliteStore(template, folder)
        trial = Trial(options.binary, spec)
        url = store.fresh("control")
        begun = time.monotonic()
        trial.finish(url)
        whole = time.monotonic() - begun
        control = store.content(url)
        print(f"control run: {len(control['corrections']) - 1} corrections, {whole:.2f} s")
        kills = runs = 0
        while kills < options.kills:
            url = store.fresh("trial")
            for _ in range(options.kills_per_run):
                if not trial.kill_after(url, chance.uniform(0.01, whole / 2)):
                    break
                kills += 1
                # A kill may come after the last commit and before the process ends: another run would be a new one.
                if store.finished(url):
                    break
            if not store.finished(url):
                trial.finish(url)
            compare(store.content(url), control, options.seed)
            runs += 1
        print(f"{kills} kills in {runs} runs: table and corrections equal the control run's")
        print("1 passed, 0 failed")


main()
