#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Schemas of others, out of Debian's packages: fetched, and read with the executable (README.md)."""
import argparse
import gzip
import pathlib
import re
import subprocess
import sys
import tempfile
import time

# package, the schema's path in it
SCHEMAS = [
    ("zabbix-server-pgsql", "usr/share/zabbix-server-pgsql/schema.sql.gz"),
    ("ledgersmb", "usr/share/ledgersmb/sql/Pg-database.sql"),
    ("icingadb", "usr/share/icingadb/schema/pgsql/schema.sql"),
    ("icinga2-ido-pgsql", "usr/share/icinga2-ido-pgsql/schema/pgsql.sql"),
    ("ejabberd", "usr/share/ejabberd/sql/pg.new.sql"),
    ("davical", "usr/share/davical/dba/davical.sql"),
    ("roundcube-core", "usr/share/roundcube/SQL/postgres.initial.sql"),
    ("tt-rss", "usr/share/dbconfig-common/data/tt-rss/install/pgsql"),
    ("bacula-director-pgsql", "usr/share/dbconfig-common/data/bacula-director-pgsql/install/pgsql"),
    ("pdns-backend-pgsql", "usr/share/pdns-backend-pgsql/schema/schema.pgsql.sql"),
]


def fetch(directory: pathlib.Path) -> list[pathlib.Path]:
    directory.mkdir(parents=True, exist_ok=True)
    written = []
    with tempfile.TemporaryDirectory() as scratch:
        for package, path in SCHEMAS:
            target = directory / f"{package}.sql"
            if not target.exists():
                here = pathlib.Path(scratch) / package
                here.mkdir()
                subprocess.run(["apt-get", "download", "-qq", package], cwd=here, check=True,
                               stderr=subprocess.DEVNULL)
                subprocess.run(["dpkg-deb", "-x", next(here.glob("*.deb")), here / "x"], check=True)
                raw = (here / "x" / path).read_bytes()
                target.write_bytes(gzip.decompress(raw) if path.endswith(".gz") else raw)
            written.append(target)
    return written


def statements(text: str) -> int:
    """Roughly: semicolons at a line's end."""
    return len(re.findall(r";[ \t]*(?:--.*)?$", text, re.MULTILINE))


def read(binary: str, path: pathlib.Path) -> bool:
    begin = time.monotonic()
    done = subprocess.run([binary, "init", "no such table", "--schema", path], capture_output=True, text=True)
    milliseconds = (time.monotonic() - begin) * 1000
    text = path.read_text(errors="replace")
    tables = len(re.findall(r"^\s*create\s+(?:unlogged\s+)?table\b", text, re.IGNORECASE | re.MULTILINE))
    ok = done.returncode == 1 and "there is no table" in done.stderr
    print(f"{path.name:32} {len(text) // 1024:6} KiB {statements(text):6} statements {tables:5} tables "
          f"{milliseconds:7.1f} ms  {'read' if ok else done.stderr.strip()[:200]}")
    return ok


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("directory", type=pathlib.Path)
    arguments.add_argument("--binary")
    given = arguments.parse_args()
    files = fetch(given.directory)
    if not given.binary:
        return 0
    results = [read(given.binary, path) for path in files]
    # One dump of all, each in a schema of its own.
    together = given.directory / "all_of_them.txt"
    with together.open("w") as out:
        for path in files:
            schema = path.stem.replace("-", "_")
            out.write(f"CREATE SCHEMA {schema};\nSET search_path = {schema};\n{path.read_text(errors='replace')}\n")
    return 0 if all(results + [read(given.binary, together)]) else 1


if __name__ == "__main__":
    sys.exit(main())
