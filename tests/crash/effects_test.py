#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs with inserts, updates and deletes of other rows, and merges, killed at random moments, end as one that nobody killed."""
import argparse
import pathlib
import random
import shutil
import sqlite3
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from effects import BOOKS, PROGRAM, ROWS, SETTINGS, SPECS, TABLES
from postgres_server import PostgresServer
from trial import Trial, compare


class Sqlite:
    def __init__(self, folder, rows):
        self.folder = folder
        database = sqlite3.connect(folder / "template.db")
        database.executescript(ROWS.format(rows=rows))
        database.execute("PRAGMA journal_mode = WAL")
        database.close()

    def fresh(self, name):
        for leftover in self.folder.glob(f"{name}.db*"):
            leftover.unlink()
        shutil.copyfile(self.folder / "template.db", self.folder / f"{name}.db")
        return f"sqlite:{self.folder / name}.db"

    def _ask(self, path, sql):
        database = sqlite3.connect(path)
        try:
            return [repr(row) for row in database.execute(sql)]
        finally:
            database.close()

    def finished(self, url):
        # On a copy: whoever opens the file first after a kill recovers it, and that must be the resumed run.
        path = pathlib.Path(url.removeprefix("sqlite:"))
        for suffix in ("", "-wal"):
            probe = path.with_name("probe.db" + suffix)
            probe.unlink(missing_ok=True)
            if path.with_name(path.name + suffix).exists():
                shutil.copyfile(path.with_name(path.name + suffix), probe)
        probe = path.with_name("probe.db")
        if not self._ask(probe, "SELECT 1 FROM sqlite_master WHERE name = 'backfill_run'"):
            return False
        return "('finished',)" in self._ask(probe, "SELECT state FROM backfill_run")

    def content(self, url):
        path = url.removeprefix("sqlite:")
        result = {what: self._ask(path, sql.format(books="backfill_")) for what, sql in BOOKS.items()}
        kept = [row[2:-3] for row in self._ask(path, "SELECT name FROM sqlite_master WHERE type = 'table' AND "
                                               "(name LIKE 'backfill\\_effect%' ESCAPE '\\' OR name LIKE "
                                               "'backfill\\_extern%' ESCAPE '\\' OR name LIKE "
                                               "'backfill\\_correction%' ESCAPE '\\') ORDER BY 1")]
        for table in TABLES + kept:
            columns = [row.split("'")[1] for row in self._ask(path, f'SELECT name FROM pragma_table_info("{table}")')]
            quoted = ", ".join(f'quote("{column}")' for column in columns if column != "batch")
            result[table] = sorted(self._ask(path, f'SELECT {quoted} FROM "{table}"'))
        return result


class Postgres:
    def __init__(self, server, rows):
        self.server, self.names = server, {}
        server.create("template")
        server.ask("template", ROWS.format(rows=rows))

    def fresh(self, name):
        self.server.create(name, "template")
        self.names[self.server.url(name)] = name
        return self.server.url(name)

    def finished(self, url):
        name = self.names[url]
        if "f" in self.server.ask(name, "SELECT to_regclass('backfill.backfill_run') IS NOT NULL"):
            return False
        return "finished" in self.server.ask(name, "SELECT state FROM backfill.backfill_run")

    def content(self, url):
        def ask(sql):
            return self.server.ask(self.names[url], sql).splitlines()

        result = {what: ask(sql.format(books="backfill.backfill_")) for what, sql in BOOKS.items()}
        kept = ask("SELECT 'backfill.' || tablename FROM pg_tables WHERE schemaname = 'backfill' AND tablename ~ "
                   "'^backfill_(effect|correction|extern)_' ORDER BY 1")
        for table in TABLES + kept:
            result[table] = sorted(ask(f"SELECT to_jsonb(t) - 'batch' FROM {table} AS t"))
        return result


def check(store, trial, what, options):
    chance = random.Random(options.seed)
    url = store.fresh("control")
    begun = time.monotonic()
    trial.finish(url)
    whole = time.monotonic() - begun
    control = store.content(url)
    kills = runs = 0
    while kills < options.kills:
        url = store.fresh("trial")
        for _ in range(5):
            if not trial.kill_after(url, chance.uniform(0.01, whole / 2)):
                break
            kills += 1
            if store.finished(url):
                break
        if not store.finished(url):
            trial.finish(url)
        compare(store.content(url), control, options.seed)
        runs += 1
    written = sum(len(rows) for table, rows in control.items() if "effect" in table)
    print(f"{what}: {kills} kills in {runs} runs ({whole:.2f} s each if left alone, {written} rows of other tables): every "
          "row and every count is the control run's", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--store", choices=["sqlite", "postgres"], required=True)
    parser.add_argument("--rows", type=int, default=900)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--only", choices=SPECS)
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-effects-") as name:
        folder = pathlib.Path(name)

        (folder / "backfill.toml").write_text(SETTINGS)
        (folder / "program.py").write_text(PROGRAM)

        def all_specs(store):
            for what, text in SPECS.items():
                if options.only not in (None, what):
                    continue
                spec = folder / f"{what}.backfill"
                spec.write_text(text, encoding="utf-8")
                check(store, Trial(options.binary, spec), f"{options.store}, {what}", options)

        if options.store == "sqlite":
            all_specs(Sqlite(folder, options.rows))
        else:
            with PostgresServer() as server:
                all_specs(Postgres(server, options.rows))
    print(f"{len(SPECS)} passed, 0 failed")


main()
