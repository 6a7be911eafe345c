// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/horizon.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <charconv>
#include <vector>

namespace backfill::database::postgres {

namespace {

// Far below 2^31, from where on an old number looks like one that is still to come.
constexpr std::int64_t kOldest = 1'000'000'000;
// One per batch; a run whose rows were refused one by one has more, and each row is compared with all.
constexpr std::size_t kMostOwn = 50'000;

// Numbers of another server say nothing about this one's.
constexpr std::string_view kIdentity = "SELECT system_identifier::text FROM pg_catalog.pg_control_system()";

Result<std::optional<std::string>> identity(const Connection& connection) {
  BACKFILL_ASSIGN(const TextRows may, connection.query("SELECT pg_catalog.has_function_privilege("
                                                       "'pg_catalog.pg_control_system()', 'EXECUTE')"));
  if (may.rows.at(0).at(0) != "t") return std::optional<std::string>();
  BACKFILL_ASSIGN(const TextRows rows, connection.query(kIdentity));
  return rows.rows.at(0).at(0);
}

std::optional<std::int64_t> number(std::string_view text) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

}  // namespace

Result<std::string> horizon_of(const Connection& connection) {
  BACKFILL_ASSIGN(const std::optional<std::string> server, identity(connection));
  if (!server) return std::string();
  BACKFILL_ASSIGN(const TextRows rows,
                  connection.query("SELECT pg_catalog.pg_snapshot_xmin(pg_catalog.pg_current_snapshot())"));
  return fmt::format("{}/{}", *server, rows.rows.at(0).at(0).value());
}

Result<std::optional<std::int64_t>> age_of(const Connection& connection, std::string_view horizon) {
  const std::size_t slash = horizon.find('/');
  if (slash == std::string_view::npos) return std::optional<std::int64_t>();
  BACKFILL_ASSIGN(const std::optional<std::string> server, identity(connection));
  const std::optional<std::int64_t> xmin = number(horizon.substr(slash + 1));
  if (!server || *server != horizon.substr(0, slash) || !xmin || *xmin < 0)
    return std::optional<std::int64_t>();
  // age() counts from the same number in all of the transaction, as in the statements that follow.
  BACKFILL_ASSIGN(
      const TextRows now,
      connection.query(fmt::format(
          "SELECT pg_catalog.pg_snapshot_xmax(pg_catalog.pg_current_snapshot())::text::int8 - ({}), "
          "pg_catalog.age('{}'::xid)",
          *xmin, *xmin & 0xFFFFFFFF)));
  const std::int64_t passed = number(now.rows.at(0).at(0).value()).value_or(-1);
  const std::int64_t age = number(now.rows.at(0).at(1).value()).value_or(-1);
  const bool can_be_told = passed >= 0 && passed <= kOldest && age >= 0 && age <= kOldest;
  return can_be_told ? std::optional(age) : std::nullopt;
}

Result<std::optional<std::string>> transactions_of(const Connection& connection,
                                                   const std::string& corrections) {
  BACKFILL_ASSIGN(
      const TextRows found,
      connection.query(fmt::format("SELECT xmin FROM {} GROUP BY xmin LIMIT {}", corrections, kMostOwn + 1)));
  if (found.rows.size() > kMostOwn) return std::optional<std::string>();
  std::vector<std::string> own;
  for (const auto& row : found.rows) own.push_back(row.at(0).value());
  return std::optional(fmt::format("{{{}}}", fmt::join(own, ",")));
}

std::string is_since(const Since& since) {
  return fmt::format("age(t.xmin) <= {} AND NOT (t.xmin = ANY ('{}'::xid[]))", since.age, since.own);
}

}  // namespace backfill::database::postgres
