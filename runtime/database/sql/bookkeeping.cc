// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/bookkeeping.h"

#include <fmt/format.h>

#include "runtime/database/sql/statement.h"

namespace backfill::database_sql {

namespace {

// Times are microseconds since 1970-01-01 UTC. Numbers are given out by us (max + 1, inside a write
// transaction), so that one DDL serves every database.
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

std::string_view exists_query(stdlib::Dialect dialect) {
  return dialect == stdlib::Dialect::Sqlite
             ? "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = 'backfill_meta'"
             : "SELECT count(*) FROM information_schema.tables WHERE table_name = 'backfill_meta'";
}

}  // namespace

Result<bool> have_tables(database::Store& store) {
  BACKFILL_ASSIGN(const std::int64_t there, number(store, exists_query(store.dialect().id()), 0));
  if (there == 0) return false;
  BACKFILL_ASSIGN(const std::int64_t version, number(store, "SELECT max(version) FROM backfill_meta", 0));
  if (version > kBookkeepingVersion) {
    return fatal(fmt::format("the bookkeeping of this database has version {}, this program knows {}",
                             version, kBookkeepingVersion),
                 "use the newer `backfill` that wrote it");
  }
  return version > 0;
}

Result<void> create_tables(database::Store& store) {
  BACKFILL_ASSIGN(const bool there, have_tables(store));
  if (there) return {};
  BACKFILL_TRY(store.script(kTables));
  return execute(store, "INSERT INTO backfill_meta (version) VALUES (?)", {kBookkeepingVersion}).ok()
             ? Result<void>()
             : Result<void>(fatal("cannot write the version of the bookkeeping"));
}

}  // namespace backfill::database_sql
