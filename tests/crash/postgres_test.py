#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A run on PostgreSQL that is disturbed at random moments ends as one that was not, in every value and every count.

--by kill: kill -9 of the process. stop: the server ends at once, as by `pg_ctl stop -m immediate`, and starts again.
cut: its connections are reset, also in the middle of a COMMIT's answer. Where the server stops it writes its log as late as
it may: commits of batches that had been answered are lost, and have to be found missing.
"""
import argparse
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from customers import SPEC, copied, generate
from postgres_server import PostgresServer
from proxy import CuttingProxy
from trial import Trial, compare

# Batches adapt to time, so that their borders and numbers differ; what they wrote and counted may not.
LATE_LOG = {"wal_writer_delay": "10s", "wal_writer_flush_after": "1GB"}
LOST = "SELECT count(*) FROM backfill.backfill_event WHERE kind = 'interrupted' AND detail LIKE '%has lost%'"

CONTENT = {
    "table": 'SELECT * FROM "Customer" ORDER BY 1',
    "corrections": "SELECT * FROM (SELECT to_jsonb(c) - 'batch' FROM backfill.backfill_correction_1 AS c "
                   "ORDER BY c.\"key_CustomerId\") AS ordered",
    "quarantine": "SELECT to_jsonb(q) - 'batch' FROM backfill.backfill_quarantine_1 AS q ORDER BY q.\"key_CustomerId\"",
    "runs": "SELECT run, state, rows_total, candidates FROM backfill.backfill_run ORDER BY 1",
    "classes": "SELECT run, code, name, rows FROM backfill.backfill_class ORDER BY 1, 2",
    "stages": "SELECT stage, name, state, candidates, met, changed, unchanged, quarantined, conflicts, compared, mismatches "
              "FROM backfill.backfill_stage ORDER BY 1",
    "chunks": "SELECT stage, chunk, low, high, rows, candidates, watermark, state, read, met, changed, unchanged, "
              "quarantined, conflicts FROM backfill.backfill_chunk ORDER BY 1, 2",
    "batches": "SELECT stage, chunk, sum(rows), sum(candidates), sum(changed) FROM backfill.backfill_batch "
               "GROUP BY 1, 2 ORDER BY 1, 2",
    "batches with corrections": "SELECT b.stage, b.batch IS NOT NULL, count(*) FROM backfill.backfill_correction_1 AS c "
                                "LEFT JOIN backfill.backfill_batch AS b USING (batch) GROUP BY 1, 2 ORDER BY 1, 2",
}


class Disturbed:
    """One database after the other, each with a run that is disturbed a few times."""

    def __init__(self, server, binary, spec, seed):
        self.server, self.trial, self.seed = server, Trial(binary, spec), seed
        self.chance = random.Random(seed)
        self.whole = 1.0
        self.moments = 0

    def content(self, database):
        return {what: self.server.ask(database, sql).splitlines() for what, sql in CONTENT.items()}

    def control(self):
        self.server.create("control", "template")
        begun = time.monotonic()
        self.trial.finish(self.server.url("control"))
        self.whole = time.monotonic() - begun
        return self.content("control")

    def finished(self):
        if "f" in self.server.ask("trial", "SELECT to_regclass('backfill.backfill_run') IS NOT NULL"):
            return False
        return "finished" in self.server.ask("trial", "SELECT state FROM backfill.backfill_run")

    def moment(self):
        return self.chance.uniform(0.01, self.whole / 2)

    def kill(self):
        for _ in range(5):
            if not self.trial.kill_after(self.server.url("trial"), self.moment()):
                break
            self.moments += 1
            if self.finished():
                break

    def stop(self):
        self._while_running(self.server.url("trial"), self._restart, 3)

    def _restart(self):
        self.server.stop()
        time.sleep(self.chance.uniform(0, 0.2))
        self.server.start()
        return True

    def cut(self):
        proxy = CuttingProxy(self.server.socket(), self.chance.random())
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}/trial?sslmode=disable&gssencmode=disable"
        self._while_running(url, proxy.cut, 3)
        proxy.close()
        self.moments += proxy.cuts_in_commit
        self.in_commit += proxy.cuts_in_commit

    in_commit = lost = 0
    survived = ended = 0

    def _while_running(self, url, disturb, times):
        """The process may go on by itself, or end and be resumed; its last word is kept for who looks for a reason."""
        process = self.trial.start(url)
        for _ in range(times):
            try:
                process.wait(timeout=self.moment())
                break
            except subprocess.TimeoutExpired:
                self.moments += 1 if disturb() else 0
        output, _ = process.communicate(timeout=300)
        if process.returncode in (0, 4):
            self.survived += 1
        else:
            self.ended += 1
            self.last_word = f"{process.returncode}: {output}"

    last_word = ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    parser.add_argument("--by", choices=["kill", "stop", "cut"], required=True)
    parser.add_argument("--rows", type=int, default=15_000)
    parser.add_argument("--moments", type=int, default=50)
    parser.add_argument("--seed", type=int, default=20261121)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-crash-") as name, \
            PostgresServer(**(LATE_LOG if options.by == "stop" else {})) as server:
        folder = pathlib.Path(name)
        spec = folder / "customers.backfill"
        spec.write_text(SPEC, encoding="utf-8")
        generate(folder / "rows.db", options.rows)
        server.create("template")
        server.ask("template", copied(folder / "rows.db"))
        disturbed = Disturbed(server, options.binary, spec, options.seed)
        control = disturbed.control()
        print(f"control run: {len(control['table'])} rows, {len(control['corrections'])} corrections, {disturbed.whole:.2f} s")
        runs = resumed = 0
        while disturbed.moments < options.moments:
            server.create("trial", "template")
            getattr(disturbed, options.by)()
            if not disturbed.finished():
                disturbed.trial.finish(server.url("trial"))
                resumed += 1
            compare(disturbed.content("trial"), control, options.seed)
            disturbed.lost += int(server.ask("trial", LOST))
            runs += 1
        if options.by == "stop":
            assert disturbed.lost > 0, "no commit was lost: the test does not try what it should"
            print(f"{disturbed.lost} times a batch was lost that the server had answered for")
        print(f"{disturbed.moments} moments in {runs} runs, {resumed} of them resumed: every value and count is the "
              f"control run's (in the middle of a COMMIT's answer: {disturbed.in_commit})")
        if disturbed.last_word:
            print(f"{disturbed.ended} processes ended, the last with {disturbed.last_word}")
        print("1 passed, 0 failed")


main()
