// SPDX-License-Identifier: Apache-2.0
// Dates and instants, in UTC, years 1..9999. In SQLite's SQL they are 'YYYY-MM-DD' and 'YYYY-MM-DD
// HH:MM:SS.ffffff' (the dialect reads columns into these forms). An interval is exact microseconds.
#include <fmt/format.h>

#include "stdlib/calendar.h"
#include "stdlib/native_date.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_date;

const auto as_int32 = always<Kind::Int32>;
const auto as_date = always<Kind::Date>;

constexpr std::string_view kDate = "date '2024-02-29'";
constexpr std::string_view kInstant = "timestamp '1969-12-31T23:58:59.5Z'";

struct Field {
  std::string_view name;
  std::string_view postgres;  // for extract
  std::string_view sqlite;
  std::string_view mariadb;
  std::string_view doc;
  std::string_view of_date, of_instant;  // the answers for kDate and kInstant
};

constexpr Field kYear = {"year", "year", "CAST(substr({0}, 1, 4) AS INTEGER)", "YEAR({0})", "the year",
                         "2024", "1969"};
constexpr Field kMonth = {
    "month", "month", "CAST(substr({0}, 6, 2) AS INTEGER)", "MONTH({0})", "the month, 1 to 12", "2", "12"};
constexpr Field kDayOf = {
    "day", "day", "CAST(substr({0}, 9, 2) AS INTEGER)", "DAYOFMONTH({0})", "the day of the month",
    "29",  "31"};
constexpr Field kWeekday = {"weekday",
                            "isodow",
                            "(CAST(strftime('%w', substr({0}, 1, 10)) AS INTEGER) + 6) % 7 + 1",
                            "(WEEKDAY({0}) + 1)",
                            "the day of the week, 1 (Monday) to 7 (Sunday)",
                            "4",
                            "3"};
constexpr Field kHourOf = {
    "hour", "hour", "CAST(substr({0}, 12, 2) AS INTEGER)", "HOUR({0})", "the hour, 0 to 23", "", "23"};
constexpr Field kMinuteOf = {
    "minute", "minute", "CAST(substr({0}, 15, 2) AS INTEGER)", "MINUTE({0})", "the minute, 0 to 59",
    "",       "58"};
constexpr Field kSecondOf = {"second",
                             "second",
                             "CAST(substr({0}, 18, 2) AS INTEGER)",
                             "SECOND({0})",
                             "the second, 0 to 59, without its fraction",
                             "",
                             "59"};

std::string_view call(std::string_view name, std::string_view argument) {
  return keep(fmt::format("{}({})", name, argument));
}

template <auto native_body>
void add_field(std::vector<Function>& table, Kind kind, const Field& field, std::string_view symbol) {
  const bool date = kind == Kind::Date;
  const std::string_view type = date ? "date" : "timestamp";
  const std::string_view zone = kind == Kind::Timestamp ? " AT TIME ZONE 'UTC'" : "";
  Row(table, "date", field.name, {{"value", make(kind)}}, as_int32)
      .body(native<native_body>(symbol))
      .postgres(wrapped(
          keep(fmt::format("CAST(floor(extract({} FROM {{0:100}}{})) AS int4)", field.postgres, zone))))
      .sqlite(wrapped(field.sqlite, field.name == "weekday" ? 70 : 100))
      .mariadb(field.name == "weekday" ? wrapped(field.mariadb) : same(field.mariadb))
      .doc(field.doc)
      .examples({{call(field.name, date ? kDate : kInstant), date ? field.of_date : field.of_instant},
                 {call(field.name, date ? "date '0001-01-01'" : "timestamp '0001-01-01T00:00:00Z'"),
                  field.name == "hour" || field.name == "minute" || field.name == "second" ? "0" : "1"},
                 {keep(fmt::format("{}(missing as {})", field.name, type)), "missing"}});
}

void add_fields(std::vector<Function>& table) {
  add_field<&body::year_of_date>(table, Kind::Date, kYear, "bf_year_of_date");
  add_field<&body::month_of_date>(table, Kind::Date, kMonth, "bf_month_of_date");
  add_field<&body::day_of_date>(table, Kind::Date, kDayOf, "bf_day_of_date");
  add_field<&body::weekday_of_date>(table, Kind::Date, kWeekday, "bf_weekday_of_date");
  add_field<&body::year_of_instant>(table, Kind::Timestamp, kYear, "bf_year_of_timestamp");
  add_field<&body::month_of_instant>(table, Kind::Timestamp, kMonth, "bf_month_of_timestamp");
  add_field<&body::day_of_instant>(table, Kind::Timestamp, kDayOf, "bf_day_of_timestamp");
  add_field<&body::weekday_of_instant>(table, Kind::Timestamp, kWeekday, "bf_weekday_of_timestamp");
  add_field<&body::hour>(table, Kind::Timestamp, kHourOf, "bf_hour");
  add_field<&body::minute>(table, Kind::Timestamp, kMinuteOf, "bf_minute");
  add_field<&body::second>(table, Kind::Timestamp, kSecondOf, "bf_second");
}

void add_calendar(std::vector<Function>& table) {
  Row(table, "date", "last_day", {{"value", make(Kind::Date)}}, as_date)
      .body(native<&body::last_day>("bf_last_day"))
      .postgres(
          wrapped("CAST(date_trunc('month', CAST({0} AS timestamp)) + interval '1 month -1 day' AS date)"))
      .sqlite(wrapped("CASE WHEN {0:41} >= '9999-12-01' THEN '9999-12-31' ELSE "
                      "date({0}, 'start of month', '+1 month', '-1 day') END"))
      .mariadb(same("LAST_DAY({0})"))
      .doc("the last day of its month")
      .examples({{"last_day(date '2024-02-01')", "date '2024-02-29'"},
                 {"last_day(date '1900-02-01')", "date '1900-02-28'"},
                 {"last_day(date '9999-12-01')", "date '9999-12-31'"},
                 {"last_day(missing)", "missing"}});
  // Beyond 9999 SQLite's date() is NULL by itself.
  Row(table, "date", "add_days", {{"value", make(Kind::Date)}, {"days", make(Kind::Int32)}}, as_date)
      .body(native<&body::add_days>("bf_add_days"))
      .fails({RowError::Overflow})
      .postgres(
          wrapped("CASE WHEN {1:41} BETWEEN '0001-01-01'::date - {0:71} AND '9999-12-31'::date - {0:71} "
                  "THEN {0:70} + {1:71} END"))
      .sqlite(wrapped(
          "CASE WHEN date({0}, ({1}) || ' days') >= '0001-01-01' THEN date({0}, ({1}) || ' days') END"))
      .mariadb(same("{0:70} + INTERVAL {1:100} DAY", 70))
      .doc("so many days later, or earlier if negative")
      .examples({{"add_days(date '2024-02-28', 2)", "date '2024-03-01'"},
                 {"add_days(date '1970-01-01', -1)", "date '1969-12-31'"},
                 {"add_days(date '9999-12-31', 1)", "error: overflow"},
                 {"add_days(missing, 1)", "missing"}});
  Row(table, "date", "add_months", {{"value", make(Kind::Date)}, {"months", make(Kind::Int32)}}, as_date)
      .body(native<&body::add_months>("bf_add_months"))
      .fails({RowError::Overflow})
      .postgres(
          wrapped("CASE WHEN extract(year FROM {0}) * 12 + extract(month FROM {0}) - 1 + {1:71} BETWEEN "
                  "12 AND 119999 THEN ({0:70} + make_interval(months => {1}))::date END"))
      // The same day of that month, or that month's last day if there is none. December 9999 needs no last
      // day.
      .sqlite(wrapped("CASE WHEN date({0}, 'start of month', ({1}) || ' months') >= '0001-01-01' THEN "
                      "min(date({0}, 'start of month', ({1}) || ' months', (CAST(substr({0}, 9, 2) AS "
                      "INTEGER) - 1) || ' days'), "
                      "coalesce(date({0}, 'start of month', ({1}) || ' months', '+1 month', '-1 day'), "
                      "'9999-12-31')) END"))
      // It has a year 0000.
      .mariadb(wrapped("CASE WHEN {0:70} + INTERVAL {1:100} MONTH >= DATE'0001-01-01' THEN {0:70} + INTERVAL "
                       "{1:100} MONTH END"))
      .doc("the same day so many months later; the month's last day where it has no such day")
      .examples({{"add_months(date '2024-01-31', 1)", "date '2024-02-29'"},
                 {"add_months(date '2024-02-29', -12)", "date '2023-02-28'"},
                 {"add_months(date '9999-12-31', 1)", "error: overflow"},
                 {"add_months(missing, 1)", "missing"}});
  Row(table, "date", "days_between", {{"from", make(Kind::Date)}, {"to", make(Kind::Date)}}, as_int32)
      .body(native<&body::days_between>("bf_days_between"))
      .postgres(wrapped("({1:70} - {0:71})"))
      .sqlite(wrapped("CAST(julianday({1}) - julianday({0}) AS INTEGER)"))
      .mariadb(wrapped("DATEDIFF({1}, {0})"))
      .doc("how many days later the second one is")
      .examples({{"days_between(date '2024-02-28', date '2024-03-01')", "2"},
                 {"days_between(date '1970-01-02', date '1970-01-01')", "-1"},
                 {"days_between(missing, date '2024-01-01')", "missing"}});
  Row(table, "date", "make_date",
      {{"year", make(Kind::Int32)}, {"month", make(Kind::Int32)}, {"day", make(Kind::Int32)}}, as_date)
      .body(native<&body::make_date>("bf_make_date"))
      .fails({RowError::OutOfDomain})
      .postgres(
          wrapped("CASE WHEN {0:41} BETWEEN 1 AND 9999 AND {1:41} BETWEEN 1 AND 12 AND {2:41} BETWEEN 1 AND "
                  "31 THEN CASE WHEN {2:41} <= extract(day FROM make_date({0}, {1}, 1) + interval '1 month "
                  "-1 day') THEN make_date({0}, {1}, {2}) END END"))
      .sqlite(wrapped(
          "CASE WHEN {0:41} BETWEEN 1 AND 9999 AND {1:41} BETWEEN 1 AND 12 AND {2:41} BETWEEN 1 AND 31 AND "
          "date(printf('%04d-%02d-%02d', {0}, {1}, {2}), '+0 days') = printf('%04d-%02d-%02d', {0}, {1}, "
          "{2}) "
          "THEN printf('%04d-%02d-%02d', {0}, {1}, {2}) END"))
      .mariadb(wrapped(
          "CASE WHEN {0:41} BETWEEN 1 AND 9999 AND {1:41} BETWEEN 1 AND 12 AND {2:41} BETWEEN 1 AND "
          "DAYOFMONTH(LAST_DAY(CONCAT(LPAD({0}, 4, '0'), '-', LPAD({1}, 2, '0'), '-01'))) THEN "
          "CAST(CONCAT(LPAD({0}, 4, '0'), '-', LPAD({1}, 2, '0'), '-', LPAD({2}, 2, '0')) AS DATE) END"))
      .doc("the date of a year, a month and a day")
      .examples({{"make_date(2024, 2, 29)", "date '2024-02-29'"},
                 {"make_date(2023, 2, 29)", "error: argument out of domain"},
                 {"make_date(missing, 1, 1)", "missing"}});
}

// What of the timestamp's text stays, and what stands for the rest.
std::string_view sqlite_unit(std::string_view unit) {
  if (unit == "year") return "substr({1}, 1, 4) || '-01-01 00:00:00.000000'";
  if (unit == "quarter") {
    return "substr({1}, 1, 5) || substr('010101040404070707101010', CAST(substr({1}, 6, 2) AS INTEGER) * 2 "
           "- 1, 2) || "
           "'-01 00:00:00.000000'";
  }
  if (unit == "month") return "substr({1}, 1, 7) || '-01 00:00:00.000000'";
  if (unit == "week") {
    return "date(substr({1}, 1, 10), '-' || ((CAST(strftime('%w', substr({1}, 1, 10)) AS INTEGER) + 6) % 7) "
           "|| ' days') || "
           "' 00:00:00.000000'";
  }
  if (unit == "day") return "substr({1}, 1, 10) || ' 00:00:00.000000'";
  if (unit == "hour") return "substr({1}, 1, 13) || ':00:00.000000'";
  if (unit == "minute") return "substr({1}, 1, 16) || ':00.000000'";
  if (unit == "second") return "substr({1}, 1, 19) || '.000000'";
  return {};
}

std::string_view mariadb_unit(std::string_view unit) {
  if (unit == "year") return "CAST({1} AS DATE) - INTERVAL DAYOFYEAR({1}) - 1 DAY";
  if (unit == "quarter")
    return "CAST({1} AS DATE) - INTERVAL DAYOFMONTH({1}) - 1 DAY - INTERVAL (MONTH({1}) - 1) % 3 MONTH";
  if (unit == "month") return "CAST({1} AS DATE) - INTERVAL DAYOFMONTH({1}) - 1 DAY";
  if (unit == "week") return "CAST({1} AS DATE) - INTERVAL WEEKDAY({1}) DAY";
  if (unit == "day") return "CAST({1} AS DATE)";
  if (unit == "hour") return "DATE_FORMAT({1}, '%Y-%m-%d %H:00:00')";
  if (unit == "minute") return "DATE_FORMAT({1}, '%Y-%m-%d %H:%i:00')";
  if (unit == "second") return "DATE_FORMAT({1}, '%Y-%m-%d %H:%i:%s')";
  return {};
}

template <bool date>
std::string mariadb_date_trunc(std::span<const Value* const> literals) {
  if (literals[0] == nullptr || literals[0]->missing()) return {};
  const std::string& unit = literals[0]->text();
  const std::string_view sql = mariadb_unit(unit);
  if (sql.empty() || (date && sql.starts_with("DATE_FORMAT"))) return {};
  return fmt::format("CAST({} AS {})", sql, date ? "DATE" : "DATETIME(6)");
}

std::string_view mariadb_any_unit(bool date) {
  std::string result = "CASE {0}";
  for (const std::string_view unit :
       {"year", "quarter", "month", "week", "day", "hour", "minute", "second"}) {
    const std::string_view sql = mariadb_unit(unit);
    if (date && sql.starts_with("DATE_FORMAT")) break;
    result += fmt::format(" WHEN '{}' THEN CAST({} AS {})", unit, sql, date ? "DATE" : "DATETIME(6)");
  }
  return keep(result + " END");
}

// SQL for one unit that is written out; of a date, without the time.
template <bool date>
std::string sqlite_date_trunc(std::span<const Value* const> literals) {
  if (literals[0] == nullptr || literals[0]->missing()) return {};
  const std::string& unit = literals[0]->text();
  if (date && (unit == "hour" || unit == "minute" || unit == "second")) return {};
  const std::string_view sql = sqlite_unit(unit);
  if (sql.empty()) return {};
  return date ? fmt::format("substr({}, 1, 10)", sql) : fmt::format("({})", sql);
}

// A unit that is written out and known needs no guard.
template <bool date>
std::string postgres_date_trunc(std::span<const Value* const> literals) {
  if (literals[0] == nullptr || sqlite_unit(literals[0]->text()).empty()) return {};
  const std::string& unit = literals[0]->text();
  if (!date) return "date_trunc({0}, {1}, 'UTC')";
  if (unit == "hour" || unit == "minute" || unit == "second") return {};
  return "date_trunc({0}, {1:100}::timestamp)::date";
}

std::string_view sqlite_any_unit(bool date) {
  std::string result = "CASE {0}";
  for (const std::string_view unit :
       {"year", "quarter", "month", "week", "day", "hour", "minute", "second"}) {
    if (date && (unit == "hour" || unit == "minute" || unit == "second")) break;
    const std::string_view sql = sqlite_unit(unit);
    result += fmt::format(" WHEN '{}' THEN {}", unit,
                          date ? fmt::format("substr({}, 1, 10)", sql) : std::string(sql));
  }
  return keep(result + " END");
}

void add_truncation(std::vector<Function>& table) {
  const Parameter unit = {"unit", text()};
  SqlTemplate mariadb = wrapped(mariadb_any_unit(false));
  mariadb.special = mariadb_date_trunc<false>;
  SqlTemplate postgres_timestamp = wrapped(
      "CASE WHEN {0} IN ('year', 'quarter', 'month', 'week', 'day', 'hour', 'minute', 'second') "
      "THEN date_trunc({0}, {1}, 'UTC') END");
  postgres_timestamp.special = postgres_date_trunc<false>;
  SqlTemplate on_timestamp = wrapped(sqlite_any_unit(false));
  on_timestamp.special = sqlite_date_trunc<false>;
  Row(table, "date", "date_trunc", {unit, {"value", make(Kind::Timestamp)}}, always<Kind::Timestamp>)
      .body(native<&body::date_trunc>("bf_date_trunc"))
      .fails({RowError::OutOfDomain})
      .postgres(postgres_timestamp)
      .sqlite(on_timestamp)
      .mariadb(mariadb)
      .doc("the start of its year, quarter, month, week (Monday), day, hour, minute or second, in UTC")
      .examples(
          {{"date_trunc('month', timestamp '2024-02-29T10:00:00Z')", "timestamp '2024-02-01T00:00:00Z'"},
           {"date_trunc('hour', timestamp '1969-12-31T23:59:59.5Z')", "timestamp '1969-12-31T23:00:00Z'"},
           {"date_trunc('week', timestamp '2024-03-03T10:00:00Z')", "timestamp '2024-02-26T00:00:00Z'"},
           {"date_trunc('age', timestamp '2024-02-29T10:00:00Z')", "error: argument out of domain"},
           {"date_trunc('day', missing as timestamp)", "missing"}});
  SqlTemplate postgres_day = wrapped(
      "CASE WHEN {0} IN ('year', 'quarter', 'month', 'week', 'day') "
      "THEN date_trunc({0}, {1:100}::timestamp)::date END");
  postgres_day.special = postgres_date_trunc<true>;
  SqlTemplate on_date = wrapped(sqlite_any_unit(true));
  on_date.special = sqlite_date_trunc<true>;
  mariadb = wrapped(mariadb_any_unit(true));
  mariadb.special = mariadb_date_trunc<true>;
  Row(table, "date", "date_trunc", {unit, {"value", make(Kind::Date)}}, as_date)
      .body(native<&body::date_trunc_date>("bf_date_trunc_date"))
      .fails({RowError::OutOfDomain})
      .postgres(postgres_day)
      .sqlite(on_date)
      .mariadb(mariadb)
      .doc("the first day of its year, quarter, month or week (Monday)")
      .examples({{"date_trunc('quarter', date '2024-05-31')", "date '2024-04-01'"},
                 {"date_trunc('year', date '0001-12-31')", "date '0001-01-01'"},
                 {"date_trunc('hour', date '2024-05-31')", "error: argument out of domain"},
                 {"date_trunc('day', missing as date)", "missing"}});
}

// Whole seconds move SQLite's text exactly; its own fractions stop at milliseconds.
template <int direction>
std::string sqlite_shift(std::span<const Value* const> literals) {
  if (literals[1] == nullptr || literals[1]->missing() || literals[1]->integer() % kSecond != 0) return {};
  const std::string moved = fmt::format("datetime(substr({{0}}, 1, 19), '{} seconds')",
                                        direction * (literals[1]->integer() / kSecond));
  return fmt::format("CASE WHEN {0} >= '0001' THEN {0} || substr({{0}}, 20) END", moved);
}

// Intervals are hours and less: PostgreSQL adds them exactly.
std::string postgres_shift(int direction, bool local) {
  const std::string_view type = local ? "timestamp" : "timestamptz", zone = local ? "" : "+00";
  const std::string first = fmt::format("'0001-01-01 00:00:00{}'::{}", zone, type);
  const std::string last = fmt::format("'9999-12-31 23:59:59.999999{}'::{}", zone, type);
  if (direction > 0)
    return fmt::format(
        "CASE WHEN {{1:41}} BETWEEN {} - {{0:71}} AND {} - {{0:71}} THEN {{0:70}} + {{1:71}} END", first,
        last);
  return fmt::format(
      "CASE WHEN {{1:41}} BETWEEN {{0:70}} - {} AND {{0:70}} - {} THEN {{0:70}} - {{1:71}} END", last, first);
}

template <auto native_body, int direction>
void add_shift(std::vector<Function>& table, Kind kind, std::string_view symbol) {
  SqlTemplate sqlite = wrapped("");
  sqlite.reason = "SQLite's own times stop at milliseconds; whole seconds that are written out are exact";
  sqlite.special = sqlite_shift<direction>;
  const bool local = kind == Kind::LocalTimestamp;
  const std::string_view before =
      local ? "((timestamp '2024-02-28T23:59:59Z' as local_timestamp) " : "timestamp '2024-02-28T23:59:59Z' ";
  const std::string_view sign = direction > 0 ? "+" : "-";
  const std::string_view after = local ? ") as text" : "";
  const std::string_view answer = direction > 0 ? "2024-02-29T00:59:59" : "2024-02-28T22:59:59";
  const std::string_view edge =
      direction > 0 ? "timestamp '9999-12-31T23:00:00Z'" : "timestamp '0001-01-01T00:00:00Z'";
  Row(table, "operator", sign, {{"at", make(kind)}, {"interval", make(Kind::Interval)}},
      local ? always<Kind::LocalTimestamp> : always<Kind::Timestamp>)
      .as_operator()
      .body(native<native_body>(symbol))
      .fails({RowError::Overflow})
      .postgres(wrapped(keep(postgres_shift(direction, local))))
      .sqlite(sqlite)
      .mariadb(same(
          direction > 0 ? "{0:70} + INTERVAL {1:100} MICROSECOND" : "{0:70} - INTERVAL {1:100} MICROSECOND",
          70))
      .doc(direction > 0 ? "so much later" : "so much earlier")
      .examples(
          {{keep(fmt::format("{}{} 1 hour{}", before, sign, after)),
            keep(fmt::format("{}'{}{}'", local ? "" : "timestamp ", answer, local ? "" : "Z"))},
           {keep(fmt::format("({}{}) {} 1 hour", edge, local ? " as local_timestamp" : "", sign)),
            "error: overflow"},
           {keep(fmt::format("(missing as {}) {} 1 hour", local ? "local_timestamp" : "timestamp", sign)),
            "missing"}});
}

void add_operators(std::vector<Function>& table) {
  add_shift<&body::later, 1>(table, Kind::Timestamp, "bf_timestamp_plus");
  add_shift<&body::earlier, -1>(table, Kind::Timestamp, "bf_timestamp_minus");
  add_shift<&body::later, 1>(table, Kind::LocalTimestamp, "bf_local_timestamp_plus");
  add_shift<&body::earlier, -1>(table, Kind::LocalTimestamp, "bf_local_timestamp_minus");
  Row(table, "operator", "-", {{"left", make(Kind::Date)}, {"right", make(Kind::Date)}}, as_int32)
      .as_operator()
      .body(native<&body::minus>("bf_date_minus_date"))
      .postgres(same("{0:70} - {1:71}", 70))
      .sqlite(wrapped("CAST(julianday({0}) - julianday({1}) AS INTEGER)"))
      .mariadb(wrapped("DATEDIFF({0}, {1})"))
      .doc("how many days the left one is later")
      .examples({{"date '2024-03-01' - date '2024-02-01'", "29"},
                 {"date '1970-01-01' - date '1970-01-02'", "-1"},
                 {"(missing as date) - date '1970-01-02'", "missing"}});
}

}  // namespace

void add_dates(std::vector<Function>& table) {
  add_fields(table);
  add_calendar(table);
  add_truncation(table);
  add_operators(table);
}

}  // namespace backfill::stdlib
