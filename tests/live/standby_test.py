#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Against a standby everything that only reads works, and a run is refused with the reason."""
import argparse
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from postgres_server import PostgresServer

SPEC = "backfill orders {\n  table orders key (id)\n  derive status = lower_ascii(name)\n}\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--binary", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-standby-") as folder, PostgresServer() as primary:
        spec = pathlib.Path(folder) / "orders.backfill"
        spec.write_text(SPEC)
        primary.create("shop")
        primary.ask("shop", "CREATE TABLE orders (id bigint PRIMARY KEY, name text, status text);"
                            "INSERT INTO orders SELECT i, 'N' || i FROM generate_series(1, 9000) AS n(i)")
        with primary.standby() as standby:
            for words, expected, said in ((["check", spec], 0, ""), (["plan", spec], 0, "9,000"), (["dry-run", spec, "--quiet"], 0, "9,000"),
                                          (["run", spec, "--yes", "--quiet"], 2, "standby"), (["status"], 1, "nothing has run")):
                done = subprocess.run([options.binary, *words, "--db", standby.url("shop")], capture_output=True, text=True)
                if done.returncode != expected or said not in done.stdout + done.stderr:
                    sys.exit(f"{words} ended with {done.returncode}\n{done.stdout}\n{done.stderr}")
    print("1 passed, 0 failed")


main()
