#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 at random moments of a run over 200,000 customers, resumed until it is finished, equals a control run."""
import argparse
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
SPEC = """
backfill customers {
  table Customer key (CustomerId)
  let domain = Email |> split_part('@', 2) |> lower_ascii
  scope {
    exclude unmapped when Country not in ('Brazil', 'Germany', 'Canada', 'USA', 'France') unknown as true
    review  odd      when Phone is missing
  }
  derive CountryCode = case Country { 'Brazil' -> 'BR', 'Germany' -> 'DE', 'Canada' -> 'CA', 'USA' -> 'US', else -> 'FR' }
  derive EmailDomain = domain
  derive PhoneDigits = Phone |> translate('()- ./', '') |> nullif('')
  stages {
    canary sample 500 rows seed 41 then verified
    home   where Country = 'USA' then verified
    rest then verified
  }
  pace { batch 200 to 2000 rows aim 10 ms }
  verify { sample 1000 rows then all }
  rollback { capture prior values keep 30 days  restore rows unchanged since }
}
"""


def generate(path, rows):
    """`rows` customers from Chinook's 59, and the columns that the spec fills."""
    database = sqlite3.connect(path)
    database.executescript((ROOT / "examples/chinook/chinook.sql").read_text(encoding="utf-8"))
    database.executescript((ROOT / "examples/chinook/migration.sql").read_text(encoding="utf-8"))
    base = database.execute("SELECT max(CustomerId) FROM Customer").fetchone()[0]
    database.execute("""
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
        INSERT INTO Customer (CustomerId, FirstName, LastName, Country, Phone, Email)
        SELECT ? + i, FirstName, LastName, Country, Phone, i || Email
        FROM n JOIN Customer ON CustomerId = 1 + (i * 7919) % ?""", (rows - base, base, base))
    database.commit()
    database.execute("PRAGMA journal_mode = WAL")
    database.close()


def content(path):
    """The table, and the corrections without batch numbers, with every value's storage class."""
    database = sqlite3.connect(path)

    def rows_of(table, skip=()):
        columns = [row[1] for row in database.execute(f'PRAGMA table_info("{table}")') if row[1] not in skip]
        quoted = ", ".join(f'quote("{column}")' for column in columns)
        return columns, database.execute(f'SELECT {quoted} FROM "{table}" ORDER BY 1').fetchall()

    corrections = [row[0] for row in database.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name LIKE 'backfill\\_correction\\_%' ESCAPE '\\'")]
    if len(corrections) != 1:
        sys.exit(f"expected one corrections table, found {corrections}")
    result = rows_of("Customer"), rows_of(corrections[0], skip=("batch",))
    integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
    if integrity != "ok":
        sys.exit(f"integrity_check: {integrity}")
    database.close()
    return result


class Trial:
    def __init__(self, binary, spec, template, folder):
        self.binary, self.spec, self.template, self.folder = binary, spec, template, folder

    def command(self, path):
        return [self.binary, "run", self.spec, "--db", f"sqlite:{path}", "--yes", "--quiet"]

    def fresh(self, name):
        path = self.folder / name
        shutil.copyfile(self.template, path)
        return path

    def finish(self, path):
        done = subprocess.run(self.command(path), capture_output=True, text=True, timeout=300)
        if done.returncode not in (0, 4):
            sys.exit(f"the resumed run ended with {done.returncode}\n{done.stdout}\n{done.stderr}")

    def kill_once(self, path, seconds):
        """Starts (or resumes) the run and kills it; False if it was finished before."""
        process = subprocess.Popen(self.command(path), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            if process.wait(timeout=seconds) not in (0, 4):
                sys.exit(f"a run ended by itself with {process.returncode}")
            return False
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return True


def finished(path):
    """A kill may come after the last commit and before the process ends: the run is done then, and another would be a new one."""
    # On a copy: whoever opens the file first after a kill recovers it, and that must be the resumed run.
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


def compare(found, control, seed):
    for what, one, other in zip(("table", "corrections"), found, control):
        if one[0] != other[0]:
            sys.exit(f"seed {seed}: the {what} has other columns: {one[0]} and {other[0]}")
        if one[1] != other[1]:
            differ = [pair for pair in zip(one[1], other[1]) if pair[0] != pair[1]][:3]
            sys.exit(f"seed {seed}: {what}: {len(one[1])} rows, control {len(other[1])}; first differences: {differ}")


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
        trial = Trial(options.binary, spec, template, folder)
        control_path = trial.fresh("control.db")
        begun = time.monotonic()
        trial.finish(control_path)
        whole = time.monotonic() - begun
        control = content(control_path)
        print(f"control run: {len(control[0][1])} rows, {len(control[1][1])} corrections, {whole:.2f} s")
        kills = runs = 0
        while kills < options.kills:
            path = trial.fresh("trial.db")
            for _ in range(options.kills_per_run):
                if not trial.kill_once(path, chance.uniform(0.01, whole / 2)):
                    break
                kills += 1
                if finished(path):
                    break
            if not finished(path):
                trial.finish(path)
            compare(content(path), control, options.seed)
            runs += 1
            for leftover in folder.glob("trial.db*"):
                leftover.unlink()
        print(f"{kills} kills in {runs} runs: table and corrections equal the control run's")
        print("1 passed, 0 failed")


main()
