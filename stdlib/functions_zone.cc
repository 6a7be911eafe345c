// SPDX-License-Identifier: Apache-2.0
// What clocks show elsewhere: time zones by IANA name. PostgreSQL takes other names too, so that its SQL is
// given only for one that is written out and known here.
#include "stdlib/native_zone.h"
#include "stdlib/row.h"
#include "stdlib/zone.h"

namespace backfill::stdlib {
namespace {

namespace body = native_zone;

const Parameter kAt = {"at", make(Kind::Timestamp)};
const Parameter kZone = {"zone", text()};
constexpr std::string_view kNoZones = "SQLite knows no time zones";
constexpr std::string_view kNoMariaDb =
    "CONVERT_TZ of MariaDB ends in 2038 and gives what it cannot convert back unchanged";

bool known(std::span<const Value* const> literals) {
  return literals[1] != nullptr && !literals[1]->missing() && is_zone(literals[1]->text());
}
std::string postgres_shift(std::span<const Value* const> literals) {
  return known(literals) ? "({0:100} AT TIME ZONE {1:100})" : "";
}
std::string postgres_date(std::span<const Value* const> literals) {
  return known(literals) ? "CAST({0:100} AT TIME ZONE {1:100} AS date)" : "";
}
std::string postgres_offset(std::span<const Value* const> literals) {
  return known(literals) ? "CAST(extract(epoch FROM ({0:100} AT TIME ZONE {1:100}) - ({0:100} AT TIME ZONE "
                           "'UTC')) AS int4)"
                         : "";
}

SqlTemplate by_zone(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "the zone must be written out, by its IANA name";
  sql.special = special;
  return sql;
}

}  // namespace

void add_zones(std::vector<Function>& table) {
  Row(table, "date", "local_time", {kAt, kZone}, always<Kind::LocalTimestamp>)
      .body(native<&body::local_time>("bf_local_time"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(by_zone(postgres_shift))
      .sqlite(unavailable(kNoZones))
      .mariadb(unavailable(kNoMariaDb))
      .doc("what a clock in the zone shows at the instant")
      .examples(
          {{"local_time(timestamp '2024-07-01T10:00:00Z', 'Europe/Zurich') as text", "'2024-07-01T12:00:00'"},
           {"local_time(timestamp '2024-01-01T10:00:00.5Z', 'America/New_York') as text",
            "'2024-01-01T05:00:00.500000'"},
           {"local_time(timestamp '2024-01-01T10:00:00Z', 'CET+1')", "error: argument out of domain"},
           {"local_time(missing, 'Europe/Zurich')", "missing"}});
  Row(table, "date", "local_date", {kAt, kZone}, always<Kind::Date>)
      .body(native<&body::local_date>("bf_local_date"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(by_zone(postgres_date))
      .sqlite(assisted("backfill_local_date({0}, {1})", kNoZones))
      .mariadb(unavailable(kNoMariaDb))
      .doc("the day that it is in the zone at the instant")
      .examples(
          {{"local_date(timestamp '2024-06-30T22:30:00Z', 'Europe/Zurich')", "date '2024-07-01'"},
           {"local_date(timestamp '2024-06-30T22:30:00Z', 'UTC')", "date '2024-06-30'"},
           {"local_date(timestamp '2024-06-30T22:30:00Z', 'Mars/Base')", "error: argument out of domain"},
           {"local_date(missing, 'UTC')", "missing"}});
  Row(table, "date", "instant", {{"local", make(Kind::LocalTimestamp)}, kZone}, always<Kind::Timestamp>)
      .body(native<&body::instant>("bf_instant"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(by_zone(postgres_shift))
      .sqlite(unavailable(kNoZones))
      .mariadb(unavailable(kNoMariaDb))
      .doc(
          "when a clock in the zone shows it; where clocks go forward by the offset before, where they go "
          "back by the one after")
      .examples({{"instant('2024-07-01T12:00:00' as local_timestamp, 'Europe/Zurich')",
                  "timestamp '2024-07-01T10:00:00Z'"},
                 {"instant('2024-03-10T02:30:00' as local_timestamp, 'America/New_York')",
                  "timestamp '2024-03-10T07:30:00Z'"},
                 {"instant('2024-11-03T01:30:00' as local_timestamp, 'America/New_York')",
                  "timestamp '2024-11-03T06:30:00Z'"},
                 {"instant('2024-07-01T12:00:00' as local_timestamp, '')", "error: argument out of domain"},
                 {"instant(missing, 'UTC')", "missing"}});
  Row(table, "date", "utc_offset", {kAt, kZone}, always<Kind::Int32>)
      .body(native<&body::utc_offset>("bf_utc_offset"))
      .fails({RowError::OutOfDomain})
      .postgres(by_zone(postgres_offset))
      .sqlite(assisted("backfill_utc_offset({0}, {1})", kNoZones))
      .mariadb(unavailable(kNoMariaDb))
      .doc("how many seconds clocks in the zone are ahead of UTC at the instant")
      .examples({{"utc_offset(timestamp '2024-07-01T10:00:00Z', 'Europe/Zurich')", "7200"},
                 {"utc_offset(timestamp '2024-01-01T10:00:00Z', 'America/New_York')", "-18000"},
                 {"utc_offset(timestamp '2024-01-01T10:00:00Z', 'EST')", "error: argument out of domain"},
                 {"utc_offset(missing, 'UTC')", "missing"}});
}

}  // namespace backfill::stdlib
