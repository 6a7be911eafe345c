# SPDX-License-Identifier: Apache-2.0
"""The table and the spec of the crash tests: Chinook's customers, multiplied."""
import pathlib
import sqlite3

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
  pace { batch 1000 to 2000 rows aim 10 ms }
  verify { sample 1000 rows then all }
  rollback { capture prior values keep 30 days  restore rows unchanged since }
}
"""


def generate(path, rows):
    """`rows` customers from Chinook's 59, and the columns that the spec fills, in an SQLite file."""
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


def copied(path):
    """The same rows as a script for psql."""
    columns = ["CustomerId", "FirstName", "LastName", "Country", "Phone", "Email", "CountryCode", "EmailDomain",
               "PhoneDigits"]
    names = ", ".join(f'"{column}"' for column in columns)
    types = ", ".join([f'"{columns[0]}" bigint PRIMARY KEY'] + [f'"{column}" text' for column in columns[1:]])
    database = sqlite3.connect(path)
    lines = ["\t".join("\\N" if value is None else str(value).replace("\\", "\\\\") for value in row)
             for row in database.execute(f"SELECT {names} FROM Customer ORDER BY 1")]
    database.close()
    return f'CREATE TABLE "Customer" ({types});\nCOPY "Customer" ({names}) FROM STDIN;\n' + "\n".join(lines) + "\n\\.\n" + 'CREATE INDEX ON "Customer" ("LastName");\n'
