// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/bookkeeping.h"

#include <fmt/format.h>

#include <array>

#include "runtime/database/sql/numbering.h"
#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

namespace {

// Times are microseconds since 1970-01-01 UTC. One DDL serves every database; numbering.h says where numbers
// come from.
constexpr std::string_view kTables = R"sql(
CREATE TABLE IF NOT EXISTS backfill_meta (version BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS backfill_run (
  run BIGINT NOT NULL PRIMARY KEY,
  name TEXT NOT NULL,
  table_name TEXT NOT NULL,
  state TEXT NOT NULL,
  message TEXT,
  requested TEXT,
  spec TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  stages_fingerprint TEXT NOT NULL,
  schema_fingerprint TEXT NOT NULL,
  schema_text TEXT NOT NULL,
  compiler_version TEXT NOT NULL,
  plan_hash TEXT NOT NULL,
  now BIGINT NOT NULL,
  incident TEXT,
  horizon TEXT,
  parameters TEXT,
  rows_total BIGINT NOT NULL,
  candidates BIGINT NOT NULL,
  owner TEXT,
  owner_host TEXT,
  owner_pid BIGINT,
  owner_started BIGINT,
  heartbeat BIGINT,
  started_at BIGINT NOT NULL,
  finished_at BIGINT
);
CREATE TABLE IF NOT EXISTS backfill_class (
  run BIGINT NOT NULL,
  code BIGINT NOT NULL,
  name TEXT NOT NULL,
  rows BIGINT NOT NULL,
  PRIMARY KEY (run, code)
);
CREATE TABLE IF NOT EXISTS backfill_stage (
  run BIGINT NOT NULL,
  stage BIGINT NOT NULL,
  name TEXT NOT NULL,
  kind TEXT NOT NULL,
  threshold TEXT,
  state TEXT NOT NULL,
  gate TEXT,
  approval TEXT,
  candidates BIGINT NOT NULL,
  met BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  conflicts BIGINT NOT NULL,
  approved_by TEXT,
  approved_at BIGINT,
  approved_plan TEXT,
  verified_at BIGINT,
  compared BIGINT,
  mismatches BIGINT,
  PRIMARY KEY (run, stage)
);
CREATE TABLE IF NOT EXISTS backfill_chunk (
  run BIGINT NOT NULL,
  stage BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  low TEXT NOT NULL,
  high TEXT NOT NULL,
  rows BIGINT NOT NULL,
  candidates BIGINT NOT NULL,
  watermark TEXT NOT NULL,
  window_end TEXT,
  pass TEXT,
  state TEXT NOT NULL,
  read BIGINT NOT NULL,
  met BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  unchanged BIGINT NOT NULL,
  quarantined BIGINT NOT NULL,
  conflicts BIGINT NOT NULL,
  PRIMARY KEY (run, stage, chunk)
);
CREATE TABLE IF NOT EXISTS backfill_batch (
  batch BIGINT NOT NULL PRIMARY KEY,
  run BIGINT NOT NULL,
  stage BIGINT NOT NULL,
  chunk BIGINT NOT NULL,
  rows BIGINT NOT NULL,
  candidates BIGINT NOT NULL,
  changed BIGINT NOT NULL,
  committed_at BIGINT NOT NULL
);
CREATE TABLE IF NOT EXISTS backfill_event (
  event BIGINT NOT NULL PRIMARY KEY,
  run BIGINT NOT NULL,
  at BIGINT NOT NULL,
  kind TEXT NOT NULL,
  detail TEXT NOT NULL
);
)sql";

// Where numbering.h takes numbers from sequences.
constexpr std::string_view kSequences = R"sql(
CREATE SEQUENCE IF NOT EXISTS backfill_batch_number;
CREATE SEQUENCE IF NOT EXISTS backfill_event_number;
)sql";

constexpr std::string_view kEffects = R"sql(
CREATE TABLE IF NOT EXISTS backfill_effect (
  run BIGINT NOT NULL,
  effect BIGINT NOT NULL,
  kind TEXT NOT NULL,
  table_name TEXT NOT NULL,
  name TEXT NOT NULL,
  key_columns TEXT NOT NULL,
  PRIMARY KEY (run, effect)
);
)sql";

// From version 1: passes; from 2: what the manifest saw; from 3: what effects are.
constexpr std::array<std::string_view, 3> kUpgrades = {
    "ALTER TABLE backfill_chunk ADD COLUMN window_end TEXT; ALTER TABLE backfill_chunk ADD COLUMN pass TEXT;",
    "ALTER TABLE backfill_run ADD COLUMN horizon TEXT;", kEffects};
static_assert(kUpgrades.size() + 1 == kBookkeepingVersion);

std::string_view exists_query(stdlib::Dialect dialect) {
  switch (dialect) {
    case stdlib::Dialect::Sqlite:
      return "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backfill_meta'";
    case stdlib::Dialect::Postgres:
      // Not to_regclass: behind lock_books it may still answer from what this session had cached before.
      return "SELECT count(*) FROM pg_catalog.pg_class AS c JOIN pg_catalog.pg_namespace AS n"
             " ON n.oid = c.relnamespace WHERE n.nspname = 'backfill' AND c.relname = 'backfill_meta'";
    case stdlib::Dialect::MariaDb:
      break;
  }
  return "SELECT count(*) FROM information_schema.tables WHERE table_name = 'backfill_meta'";
}

// 0: there are none.
Result<std::int64_t> version_of_tables(database::Store& store) {
  BACKFILL_ASSIGN(const std::int64_t there, number(store, exists_query(store.dialect().id()), 0));
  if (there == 0) return 0;
  return number(store, "SELECT max(version) FROM backfill_meta", 0);
}

}  // namespace

Result<bool> have_tables(database::Store& store) {
  BACKFILL_ASSIGN(const std::int64_t version, version_of_tables(store));
  if (version > kBookkeepingVersion) {
    return fatal(fmt::format("the bookkeeping of this database has version {}, this program knows {}",
                             version, kBookkeepingVersion),
                 "use the newer `backfill` that wrote it");
  }
  return version > 0;
}

Result<void> lock_books(database::Store& store) {
  if (!shares_writes(store.dialect())) return {};
  // "backfill" as a number; held until the transaction ends.
  BACKFILL_TRY(store.query("SELECT 1 FROM pg_catalog.pg_advisory_xact_lock(7089057381662452844)"));
  return {};
}

Result<void> create_tables(database::Store& store) {
  BACKFILL_ASSIGN(const std::int64_t version, version_of_tables(store));
  if (version >= kBookkeepingVersion) return {};
  if (version != 0) {
    for (auto from = static_cast<std::size_t>(version); from < kBookkeepingVersion; ++from)
      BACKFILL_TRY(store.script(kUpgrades[from - 1]));
  } else {
    BACKFILL_TRY(store.script(kTables));
    BACKFILL_TRY(store.script(kEffects));
    if (shares_writes(store.dialect())) BACKFILL_TRY(store.script(kSequences));
  }
  BACKFILL_TRY(execute(store, "INSERT INTO backfill_meta (version) VALUES (?)", {kBookkeepingVersion}));
  return {};
}

}  // namespace backfill::database_sql
