#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Real backfills on a real PostgreSQL: each is checked, run, compared with an oracle, verified, run again and rolled back.

README.md says what stands in an entry's folder. REPORT.md is what came out; this test fails where it no longer is.
"""
import argparse
import concurrent.futures
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "servers"))
from postgres_server import PostgresServer

EXPRESSED, EXTERN, MISSING = "expressed", "expressed with extern", "not expressed"

# A document by its value, other text as it is.
DOCUMENT = """CREATE FUNCTION pg_temp.document(value text) RETURNS text LANGUAGE plpgsql AS
$$ BEGIN RETURN value::jsonb; EXCEPTION WHEN invalid_text_representation THEN RETURN value; END $$;
"""


class Stopped(Exception):
    """What keeps an entry from being expressed; the detail is for the person at the terminal, not for the report."""

    def __init__(self, why, detail=""):
        super().__init__(why)
        self.why, self.detail = why, detail


def expect(holds, why, detail=""):
    if not holds:
        raise Stopped(why, detail)


class Database:
    """One entry's database: its tables as text."""

    def __init__(self, server, name, notes):
        self.server, self.name, self.notes = server, name, notes
        server.create(name)

    def ask(self, sql):
        """What the statements answer, or Stopped: a script of the entry that fails is no reason to end the others."""
        done = subprocess.run(["psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d", self.server.url(self.name)],
                              input=sql, capture_output=True, text=True)
        expect(done.returncode == 0, "one of its SQL scripts fails", sql[-1500:] + done.stderr)
        return done.stdout

    def fill(self, folder):
        self.ask("SET client_min_messages = warning;\n" + (folder / "schema.sql").read_text())
        self.ask((HERE / "rows.sql").read_text() + (folder / "rows.sql").read_text() + "\nDROP SCHEMA rows CASCADE;")
        found = self.ask("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
                         "ORDER BY 1, ordinal_position")
        self.columns = {}
        for table, column in (line.split("|") for line in found.splitlines()):
            self.columns.setdefault(table, []).append(column)

    def dump(self, as_it_is):
        """The statements that print every table; what a note of the oracle's leaves out matters not, unless `as_it_is`."""
        return DOCUMENT + "".join(f"\\echo == {table}\nCOPY ({self._select(table, as_it_is)}) TO STDOUT;\n" for table in self.columns)

    def _select(self, table, as_it_is):
        listed = []
        for column in self.columns[table]:
            note = None if as_it_is else self.notes.get(f"{table}.{column}")
            if note != "ignore":
                listed.append(f'pg_temp.document("{column}"::text)' if note == "json" else f'"{column}"')
        order = " || '|' || ".join(f"coalesce(({column})::text, '')" for column in listed)
        return f'SELECT {", ".join(listed)} FROM "{table}" ORDER BY ({order}) COLLATE "C", {", ".join(f"{c}::text" for c in listed)}'


def different(expected, found):
    """The tables that differ, and the first lines that do."""
    def lines(dump):
        table, result = "", []
        for line in dump.splitlines():
            table = line[3:] if line.startswith("== ") else table
            result.append((table, line))
        return result
    one, other = lines(expected), lines(found)
    only = sorted(set(one) - set(other))[:8], sorted(set(other) - set(one))[:8]
    tables = sorted({table for part in only for table, _ in part})
    shown = [f"  {mark} {table}: {line}" for mark, part in zip("-+", only) for table, line in part]
    return ", ".join(tables) or "(duplicate rows)", "\n".join(shown)


class Entry:
    def __init__(self, folder):
        self.folder, self.id = folder, folder.name
        self.spec = folder / "spec.backfill"
        self.reason = (folder / "missing.txt").read_text().strip() if (folder / "missing.txt").exists() else ""
        oracle = folder / "expected.sql"
        self.oracle = oracle.read_text() if oracle.exists() else ""
        # `-- json: table.column` compares documents by value, `-- ignore:` not at all, `-- quarantined: 3` expects a residue.
        self.notes = {}
        self.residue = {}
        for word, value in re.findall(r"^-- (json|ignore|quarantined|review): (\S+)$", self.oracle, re.M):
            if word in ("json", "ignore"):
                self.notes[value] = word
            else:
                self.residue[word] = int(value)

    def about(self):
        found = re.search(r'about\s+"((?:[^"\\]|\\.)*)"', self.spec.read_text())
        return found.group(1) if found else ""

    def parts(self, folder):
        """The spec; or a file for each backfill of it, with the functions of all."""
        text = self.spec.read_text()
        backfills = re.findall(r"^backfill .*?^}\n", text, re.M | re.S)
        if len(backfills) == 1:
            return [self.spec]
        shared = re.sub(r"^backfill .*?^}\n", "", text, flags=re.M | re.S)
        files = [folder / f"{number}.backfill" for number in range(len(backfills))]
        for file, backfill in zip(files, backfills):
            file.write_text(shared + backfill)
        for beside in [*self.folder.glob("*.toml"), *self.folder.glob("*.py")]:
            shutil.copyfile(beside, folder / beside.name)
        return files

    def kind(self):
        return EXTERN if re.search(r"^\s*extern fn", self.spec.read_text(), re.M) else EXPRESSED


class Trial:
    """One entry, from its schema to its rollback."""

    def __init__(self, entry, binary, server, files):
        self.entry, self.binary, self.server, self.files = entry, binary, server, files

    def backfill(self, *words):
        try:
            done = subprocess.run([self.binary, *map(str, words), "--json"], capture_output=True, text=True, timeout=120,
                                  cwd=self.entry.folder)
        except subprocess.TimeoutExpired:
            raise Stopped(f"{words[0]} hangs") from None
        return done.returncode, done.stdout, done.stderr

    def check(self):
        code, out, err = self.backfill("check", "spec.backfill", "--schema", "schema.sql")
        if code == 0:
            return
        expect(code == 1, f"check ends with {code}", out + err)
        errors = [each for each in json.loads(out)["diagnostics"] if each["severity"] == "error"]
        shown = sorted({f"{each['code']} {each['message']}" for each in errors})
        raise Stopped("; ".join(shown[:3]).replace("\n", " "), f"{self.entry.spec}:{errors[0]['start']['line']}")

    def run(self, verify=False):
        """The reports, one of each backfill of the file; each is verified before the next one changes what it read."""
        reports = []
        for part in self.entry.parts(self.files):
            reports += self.run_part(part)
            if verify:
                self.verify(reports[-1]["run"])
        left = {"quarantined": sum(each["outcomes"]["quarantined"] for each in reports),
                "review": sum(each["for_review"] for each in reports)}
        wanted = {"quarantined": 0, "review": 0, **self.entry.residue}
        expect(left == wanted, "the run leaves other rows aside than it should", f"{left}, expected {wanted}\n{reports}")
        return reports

    def run_part(self, part):
        code, out, err = self.backfill("run", part, "--db", self.url, "--yes", "--quiet")
        codes = ", ".join(sorted(set(re.findall(r"BF\d{4}", out + err))))
        expect(code in (0, 4), f"run ends with {code} {codes}".strip(), out + err)
        reports = [json.loads(line) for line in out.splitlines() if '"event":"report"' in line]
        for each in reports:
            expect(each["outcomes"]["conflicts"] == 0 and each["outcomes"]["add_up"], "the run counts conflicts", out)
        return reports

    def moment(self, run):
        code, out, err = self.backfill("status", run, "--db", self.url)
        expect(code == 0, f"status ends with {code}", out + err)
        at = datetime.datetime.fromtimestamp(0, datetime.timezone.utc) + datetime.timedelta(microseconds=json.loads(out)["now"])
        return f"(timestamptz '{at:%Y-%m-%d %H:%M:%S.%f}+00')"

    def compare(self, before, now):
        """The database after the run is what the oracle makes of the one before: run in the middle of a transaction that is taken back."""
        database = self.database
        found = database.ask(database.dump(as_it_is=False))
        violations = self.entry.folder / "must_hold.sql"
        if violations.exists():
            wrong = database.ask(violations.read_text().replace(":now", now))
            expect(not wrong, "must_hold.sql finds rows", wrong[:2000])
        control = Database(self.server, database.name + "_control", self.entry.notes)
        control.fill(self.entry.folder)
        expect(control.ask(control.dump(as_it_is=True)) == before, "rows.sql gives other rows each time")
        control.ask(self.entry.oracle.replace(":now", now))
        expected = control.ask(control.dump(as_it_is=False))
        if expected != found:
            tables, lines = different(expected, found)
            raise Stopped(f"{tables}: not what expected.sql says", lines)

    def verify(self, run):
        code, out, err = self.backfill("verify", run, "--db", self.url, "--full")
        expect(code in (0, 4) and out.strip(), f"verify ends with {code}", out + err)
        report = json.loads(out)
        expect(report["clean"] and (code == 0 or self.entry.residue), "verify finds mismatches", out)

    def __call__(self):
        """The way to the end, or Stopped."""
        self.check()
        database = self.database = Database(self.server, "corpus_" + self.entry.id.replace("-", "_"), self.entry.notes)
        self.url = self.server.url(database.name)
        database.fill(self.entry.folder)
        before = database.ask(database.dump(as_it_is=True))
        reports = self.run(verify=True)
        runs = [each["run"] for each in reports]
        after = database.ask(database.dump(as_it_is=True))
        expect(before != after, "the run changes nothing")
        self.compare(before, self.moment(runs[0]))
        again = self.run()
        if database.ask(database.dump(as_it_is=True)) != after or any(each["outcomes"]["changed"] for each in again):
            raise Stopped("a second run changes rows again", different(after, database.ask(database.dump(as_it_is=True)))[1])
        for run in reversed(runs):
            code, out, err = self.backfill("rollback", run, "--db", self.url, "--yes")
            expect(code == 0, f"rollback ends with {code}", out + err)
        found = database.ask(database.dump(as_it_is=True))
        if found != before:
            tables, lines = different(before, found)
            raise Stopped(f"{tables}: not restored by the rollback", lines)
        return sum(each["outcomes"]["changed"] for each in reports)


def judge(entry, binary, server):
    """(kind, note, detail)"""
    if not entry.spec.exists():
        return MISSING, entry.reason or "no spec yet", ""
    try:
        with tempfile.TemporaryDirectory(prefix="backfill-corpus-") as files:
            changed = Trial(entry, binary, server, pathlib.Path(files))()
        return entry.kind(), entry.about(), f"{changed} rows changed"
    except Stopped as stopped:
        note = stopped.why + (f" ({entry.reason})" if entry.reason else "")
        return MISSING, note, stopped.detail
    except Exception:  # a bug of this script in one entry: the others are still worth their answers
        return MISSING, "the runner fails", traceback.format_exc()


def report(results):
    """REPORT.md: the same for the same results."""
    counts = {kind: sum(found[0] == kind for found in results.values()) for kind in (EXPRESSED, EXTERN, MISSING)}
    lines = ["# Real backfills: what the language says", "",
             "Generated by `tests/corpus/run.py --update`; README.md says what *expressed* asks for.", "",
             f"**{counts[EXPRESSED]} of {len(results)} expressed** with the core language and std, "
             f"{counts[EXTERN]} with an extern function, {counts[MISSING]} not.", ""]
    for kind in (MISSING, EXTERN, EXPRESSED):
        chosen = {name: note for name, (found, note, _) in sorted(results.items()) if found == kind}
        if chosen:
            title = "what stops it, or what it would take" if kind == MISSING else "what it does"
            lines += [f"## {kind.capitalize()}: {len(chosen)}", "", f"| entry | {title} |", "| --- | --- |"]
            lines += [f"| {name} | {note.replace('|', chr(92) + '|')} |" for name, note in chosen.items()] + [""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--binary", required=True, type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--only", action="append", help="these entries alone; REPORT.md is left alone")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--update", action="store_true", help="write REPORT.md")
    options = parser.parse_args()
    entries = [Entry(folder) for folder in sorted(HERE.iterdir()) if folder.is_dir() and not folder.name.startswith("__")]
    if options.only:
        entries = [entry for entry in entries if entry.id in options.only]
    with PostgresServer(timezone="UTC") as server, concurrent.futures.ThreadPoolExecutor(options.jobs) as threads:
        found = threads.map(lambda entry: judge(entry, options.binary, server), entries)
        results = {entry.id: result for entry, result in zip(entries, found)}
    for name, (kind, note, detail) in results.items():
        if options.only or kind == MISSING and (HERE / name / "spec.backfill").exists():
            print(f"{name}: {kind}: {note}\n{detail}".rstrip())
    if options.only:
        return
    text = report(results)
    path = HERE / "REPORT.md"
    print(text.splitlines()[4])
    if options.update:
        path.write_text(text)
    elif not path.exists() or path.read_text() != text:
        sys.exit("REPORT.md is no longer what it says: look at the entries above, or write it anew with --update")


main()
