#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run beside an application that writes the same rows at full speed: no write of the application is lost.

An audit trigger keeps every write of anybody: who, the row before and after, in the row's own order. When all is over, plain SQL
asks whether each write of the run was right for the row as it stood just then (violations.sql). A copy of the run's SQL without its
guard, beside the same writers, shows that the question finds what it is to find.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "servers"))
from pgbouncer_server import PgBouncer
from postgres_server import PROGRAMS, PostgresServer

SPEC = """
backfill orders {
  intent amend
  table orders key (id)
  scope { exclude locked when locked unknown as true }
  derive status = lower_ascii(name)
  derive total = amount + 1
  stages {
    canary sample 200 rows seed 3
    dear   where amount > 900
    rest
  }
  pace { PACE }
  verify { sample 100 rows then all }
}
"""
# Batches that the servo keeps small, and large ones: a window in several passes.
SMALL, PASSES = "batch 50 to 1000 rows aim 10 ms", "batch 1000 to 2000 rows aim 40 ms"
WRITERS = {
    # The inputs, the derived columns, both at once, the scope.
    "inputs": "\\set id random(1, 2 * :rows)\nUPDATE orders SET name = 'Name ' || :id || ' ' || clock_timestamp() WHERE id = :id;\n"
              "UPDATE orders SET amount = 1 + amount % 1000 WHERE id = :id;\n",
    "derived": "\\set id random(1, 2 * :rows)\nUPDATE orders SET status = 'mine ' || random() WHERE id = :id;\n"
               "UPDATE orders SET total = -1, amount = 5 WHERE id = :id + 1;\n",
    "scope": "\\set id random(1, 2 * :rows)\nUPDATE orders SET locked = NOT locked WHERE id = :id;\n",
    # Between the rows that are there, and in front of and behind where the run is.
    "insert": "\\set id random(1, 2 * :rows)\nINSERT INTO orders (id, name, amount) VALUES (:id, 'Late ' || :id, 7) ON CONFLICT DO NOTHING;\n",
    "delete": "\\set id random(1, 2 * :rows)\nDELETE FROM orders WHERE id = :id;\n",
    # Deleted and made anew in one transaction; rows held while somebody thinks.
    "replace": "\\set id random(1, 2 * :rows)\nBEGIN;\nDELETE FROM orders WHERE id = :id;\n"
               "INSERT INTO orders (id, name, amount) VALUES (:id, 'Again ' || :id, 8) ON CONFLICT DO NOTHING;\nCOMMIT;\n",
    "hold": "\\set id random(1, 2 * :rows)\nBEGIN;\nSELECT name FROM orders WHERE id = :id FOR UPDATE;\n\\sleep 5 ms\n"
            "UPDATE orders SET name = 'Held ' || :id, status = 'held' WHERE id = :id;\nCOMMIT;\n",
    # Changed, and taken back: nothing was written.
    "abort": "\\set id random(1, 2 * :rows)\nBEGIN;\nUPDATE orders SET name = 'never' WHERE id = :id;\nROLLBACK;\n",
}


class Traffic:
    def __init__(self, server, database, folder, rows):
        files = []
        for name, script in WRITERS.items():
            path = folder / f"{name}.pgbench"
            path.write_text(script)
            files += ["-f", f"{path}@{1 if name == 'hold' else 3}"]
        self.log = open(folder / "pgbench.log", "w+")
        self.process = subprocess.Popen(
            [PROGRAMS / "pgbench", "-n", "-c", "4", "-j", "1", "-T", "900", "--max-tries=100", "-D", f"rows={rows}", *files,
             server.url(database) + "&application_name=application"], stdout=self.log, stderr=self.log)

    def stop(self):
        if self.process.poll() is not None:
            self.log.seek(0)
            sys.exit("the writers ended by themselves:\n" + self.log.read())
        self.process.terminate()
        self.process.wait()


class Live:
    def __init__(self, server, binary, folder, rows):
        self.server, self.binary, self.folder, self.rows = server, binary, folder, rows

    def fresh(self, database):
        self.server.create(database)
        self.server.ask(database, (HERE / "orders.sql").read_text().replace(":rows", str(self.rows)))

    def violations(self, database):
        found = self.server.ask(database, (HERE / "violations.sql").read_text())
        return dict(line.rsplit("|", 1) for line in found.splitlines())

    def backfill(self, verb, *words, expected=(0, 4)):
        done = subprocess.run([self.binary, verb, *words], capture_output=True, text=True, timeout=600)
        if done.returncode not in expected:
            sys.exit(f"backfill {verb} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
        try:
            return json.loads(done.stdout)
        except json.JSONDecodeError:
            sys.exit(f"backfill {verb} prints no single document:\n{done.stdout[:3000]}\n{done.stderr}")

    def round(self, name, *words, pace=SMALL, door=None):
        self.fresh(name)
        spec = self.folder / "orders.backfill"
        spec.write_text(SPEC.replace("PACE", pace))
        url = (door or self.server).url(name)
        traffic = Traffic(self.server, name, self.folder, self.rows)
        time.sleep(0.3)
        begun = time.monotonic()
        report = self.backfill("run", spec, "--db", url + "&application_name=the_run", "--yes", "--quiet", "--json", *words)
        seconds = time.monotonic() - begun
        traffic.stop()
        violations = self.violations(name)
        bad = {what: count for what, count in violations.items() if count != "0" and not what.startswith("(")}
        if bad:
            sys.exit(f"{name}: {bad}\nof {violations}")
        if violations["(writes of the run)"] == "0" or violations["(rows that both wrote)"] == "0":
            sys.exit(f"{name}: nothing was tried: {violations}")
        self.verify(name, url)
        print(f"{name}: {seconds:.1f} s, {violations}")
        return report

    def verify(self, name, url):
        """Every mismatch is one that the application made after the run's last look at its row."""
        report = self.backfill("verify", "--db", url, "--full", "--quiet", "--json")
        explained = int(self.server.ask(name, "SELECT count(*) FROM changed_since"))
        mismatches = report["mismatches"] if "mismatches" in report else report["verification"]["mismatches"]
        if mismatches > explained:
            sys.exit(f"{name}: verify finds {mismatches} mismatches, the application explains {explained}\n{report}")

    def planted(self):
        """The run's own way without its guard: read, wait, write."""
        self.fresh("planted")
        traffic = Traffic(self.server, "planted", self.folder, self.rows)
        time.sleep(0.3)
        self.server.ask("planted", "SET application_name = 'the_run';\n" + (HERE / "unguarded.sql").read_text())
        traffic.stop()
        found = self.violations("planted")
        for what in ("derived from another row than stood there", "prior value is not what stood there"):
            if found[what] == "0":
                sys.exit(f"a write without a guard is not noticed: {what}\n{found}")
        print(f"planted, without a guard: {found}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--rows", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-live-") as name, PostgresServer() as server:
        live = Live(server, options.binary, pathlib.Path(name), options.rows)
        live.planted()
        live.round("one_worker")
        live.round("two_workers", "--workers", "2", pace=PASSES)
        with PgBouncer(server) as door:
            live.round("through_pgbouncer", "--workers", "2", pace=PASSES, door=door)
    print("1 passed, 0 failed")


main()
