#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Names and values that would like to be SQL go through every verb, on PostgreSQL; the canary sings on.

Schema, table, columns, trigger, enum labels, stage, class, parameters of the command line, keys, prior and new values.
"""
import argparse
import pathlib
import subprocess
import sys
import tempfile

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "servers"))
from postgres_server import PostgresServer

NAMES = ['we"ird; DROP TABLE canary; --', "$1", "'; DELETE FROM canary; --", "select", "\\", "{0}", "%s %1$I", "e\u0301 \U0001F600 \u202e",
         "x" * 63, "a.b", 'a"', "$$; DROP TABLE canary; $$", "Backfill", "/* */ --", "\t"]
VALUES = ["'); DROP TABLE canary; --", "\\'; DROP TABLE canary; --", "$1", "\\x00", "\\N", '"', "", "%s", "{}", "\\", "a\nb\tc\rd", "NULL",
          "\U0001F600" * 50, "x" * 300_000]
SPEC = """
backfill {backfill} {{
  about "{about}"
  intent amend
  table {table} key ({key}, n)
  scope {{ exclude {class_name} when {source} = {literal} }}
  derive {value} = {source} || {literal}
  stages {{
    canary sample 3 rows seed 5 then approval by {by}
    rest then verified
  }}
  verify {{ sample 5 rows then all }}
}}
"""


def quoted(name):
    return '"' + name.replace('"', '""') + '"'


def literal(text):
    return "'" + text.replace("'", "''") + "'"


class Hostile:
    def __init__(self, server, binary, folder):
        self.server, self.binary, self.folder = server, binary, folder
        self.verbs = 0

    def backfill(self, verb, *words, expected):
        done = subprocess.run([self.binary, verb, *words], capture_output=True, text=True, timeout=120)
        self.verbs += 1
        if done.returncode not in expected:
            sys.exit(f"{self.name!r}: backfill {verb} {words} ended with {done.returncode}\n{done.stdout[:3000]}\n{done.stderr[:3000]}")
        return done.stdout

    def content(self):
        table = f"{quoted(self.schema)}.{quoted(self.name)}"
        return self.server.ask("hostile", f"SELECT md5(string_agg(t::text, '|' ORDER BY n)) FROM {table} AS t")

    def run_printed_sql(self, spec, statements):
        for what in statements:
            printed = self.backfill("sql", spec, what, "--db", self.server.url("hostile"), expected=(0,))
            self.server.ask("hostile", f"BEGIN READ ONLY;\nSET LOCAL search_path = backfill;\n{printed}\n;ROLLBACK;")

    def build(self, name):
        # Prefixes of ours must fit too: 63 bytes are all that PostgreSQL keeps of a name.
        self.name, self.schema = name, name[:60] + " s"
        key, source, value = (quoted(name[:61] + end) for end in (" k", " w", " v"))
        table = f"{quoted(self.schema)}.{quoted(name)}"
        self.server.create("hostile")
        rows = ", ".join(f"({literal('k' + text)}, {i}, {literal(text)}, {literal(text)})" for i, text in enumerate(VALUES * 3) if len(text) < 1000)
        rows += f", ('big', 999, repeat({literal(VALUES[0])}, 20000), NULL)"
        self.server.ask("hostile", f"""
            CREATE TABLE canary (song text); INSERT INTO canary VALUES ('sings');
            CREATE SCHEMA {quoted(self.schema)};
            CREATE TABLE {table} ({key} text NOT NULL, n integer NOT NULL, {source} text, {value} text, PRIMARY KEY ({key}, n));
            COMMENT ON TABLE {table} IS {literal(name)};
            CREATE FUNCTION public.pass() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
            CREATE TRIGGER {quoted(name)} AFTER UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION public.pass();
            INSERT INTO {table} VALUES {rows};""")
        return table, key, source, value

    def one(self, name):
        table, key, source, value = self.build(name)
        before = self.content()
        spec = self.folder / "hostile.backfill"
        text = VALUES[self.verbs % 4]
        quote = name.replace("\\", "").replace('"', "").replace("\t", " ").strip() or "somebody"
        spec.write_text(SPEC.format(backfill="hostile", about=quote, table=table, key=key, source=source, value=value, literal=literal(text).replace("\\", "\\\\"),
                                    class_name="odd", by='"' + quote + '"'))
        db = ["--db", self.server.url("hostile")]
        schema = self.folder / "schema.sql"
        schema.write_text(self.backfill("schema", *db, expected=(0,)))
        self.backfill("check", spec, *db, expected=(0,))
        self.backfill("plan", spec, *db, expected=(0,))
        self.run_printed_sql(spec, ["candidates"])
        self.backfill("dry-run", spec, *db, "--json", expected=(0, 4))
        self.backfill("run", spec, *db, "--yes", "--quiet", "--incident", name, expected=(3,))
        self.backfill("status", *db, expected=(0, 3))
        self.backfill("approve", *db, "--by", "'; DROP TABLE canary; --", expected=(1, 2))
        self.backfill("approve", *db, "--by", quote, expected=(0,))
        self.backfill("pause", *db, expected=(0,))
        self.backfill("resume", *db, expected=(0,))
        self.backfill("run", spec, *db, "--yes", "--quiet", expected=(0,))
        self.run_printed_sql(spec, ["verify", "watch"])
        self.backfill("runs", *db, expected=(0,))
        self.backfill("verify", *db, "--full", "--quiet", expected=(0,))
        self.backfill("verify", *db, "--full", "--quiet", "--evaluator", expected=(0,))
        self.server.ask("hostile", f"UPDATE {table} SET {value} = {literal(VALUES[0])} WHERE n = 4")
        self.backfill("triage", *db, "--full", "--quiet", expected=(4,))
        self.backfill("history", *db, "--json", expected=(0,))
        written = self.server.ask("hostile", "SELECT table_name FROM backfill.backfill_run")[:-1]
        self.backfill("history", *db, "--table", written, "--key", "k" + VALUES[0], "--key", "0", expected=(0,))
        self.backfill("history", *db, "--table", "'; DROP TABLE canary; --", "--key", "1", expected=(1, 2))
        self.backfill("rollback", "1", *db, "--yes", "--quiet", expected=(4,))
        self.server.ask("hostile", f"UPDATE {table} SET {value} = {literal(VALUES[4])} WHERE n = 4")
        if self.content() != before:
            sys.exit(f"{name!r}: the table is not what it was")
        if self.server.ask("hostile", "SELECT * FROM canary") != "sings\n":
            sys.exit(f"{name!r}: the canary is silent")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="backfill-hostile-") as name, PostgresServer() as server:
        hostile = Hostile(server, options.binary, pathlib.Path(name))
        for each in NAMES:
            hostile.one(each)
    print(f"{len(NAMES)} names, {hostile.verbs} verbs: the canary sings, every table is what it was")
    print("1 passed, 0 failed")


main()
