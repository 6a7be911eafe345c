// SPDX-License-Identifier: Apache-2.0
// From one date or instant to another: steps by calendar units, and how far two are apart.
#include <fmt/format.h>

#include "stdlib/calendar.h"
#include "stdlib/native_date_step.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_date;

const Parameter kDate = {"value", make(Kind::Date)};
const Parameter kInstant = {"value", make(Kind::Timestamp)};
const Parameter kCount = {"count", make(Kind::Int32)};
const auto as_date = always<Kind::Date>;
const auto as_instant = always<Kind::Timestamp>;

// The same day of that month, or that month's last day if there is none.
std::string_view sqlite_months(std::string_view months, bool instant) {
  const std::string day = instant ? "substr({0}, 1, 10)" : "{0}";
  const std::string start = "date(" + day + ", 'start of month', (" + std::string(months) + ") || ' months'";
  return keep("CASE WHEN {1:41} BETWEEN -120000 AND 120000 AND " + start + ") >= '0001-01-01' THEN min(" +
              start + ", (CAST(substr({0}, 9, 2) AS INTEGER) - 1) || ' days'), coalesce(" + start +
              ", '+1 month', '-1 day'), '9999-12-31'))" + (instant ? " || substr({0}, 11)" : "") + " END");
}

void add_date_steps_of_days(std::vector<Function>& table) {
  Row(table, "date", "add_weeks", {kDate, kCount}, as_date)
      .body(native<&body::add_weeks>("bf_add_weeks"))
      .fails({RowError::Overflow})
      .postgres(wrapped("CASE WHEN {1:41} BETWEEN -530000 AND 530000 THEN CASE WHEN {0:70} - date "
                        "'0001-01-01' + {1:80} * 7 BETWEEN 0 AND 3652058 THEN {0:70} + {1:80} * 7 END END"))
      .sqlite(wrapped("CASE WHEN {1:41} BETWEEN -530000 AND 530000 AND date({0}, ({1:80} * 7) || ' days') >= "
                      "'0001-01-01' THEN date({0}, ({1:80} * 7) || ' days') END"))
      .mariadb(
          wrapped("CASE WHEN {1:41} BETWEEN -530000 AND 530000 THEN DATE_ADD({0}, INTERVAL {1} WEEK) END"))
      .doc("so many weeks later, or earlier if negative")
      .examples({{"add_weeks(date '2024-02-28', 1)", "date '2024-03-06'"},
                 {"add_weeks(date '1970-01-01', -1)", "date '1969-12-25'"},
                 {"add_weeks(date '9999-12-31', 1)", "error: overflow"},
                 {"add_weeks(missing, 1)", "missing"}});
  Row(table, "date", "add_years", {kDate, kCount}, as_date)
      .body(native<&body::add_years>("bf_add_years"))
      .fails({RowError::Overflow})
      .postgres(
          wrapped("CASE WHEN {1:41} BETWEEN -10000 AND 10000 THEN CASE WHEN extract(year FROM {0}) + {1:71} "
                  "BETWEEN 1 AND 9999 THEN CAST({0:70} + make_interval(years => {1}) AS date) END END"))
      .sqlite(wrapped(sqlite_months("{1:80} * 12", false)))
      .mariadb(wrapped("CASE WHEN {1:41} BETWEEN -10000 AND 10000 AND DATE_ADD({0}, INTERVAL {1} YEAR) >= "
                       "DATE'0001-01-01' "
                       "THEN DATE_ADD({0}, INTERVAL {1} YEAR) END"))
      .doc("the same day so many years later; February 28 where it has no 29")
      .examples({{"add_years(date '2024-02-29', 1)", "date '2025-02-28'"},
                 {"add_years(date '2024-02-29', -4)", "date '2020-02-29'"},
                 {"add_years(date '9999-12-31', 1)", "error: overflow"},
                 {"add_years(missing, 1)", "missing"}});
}

struct Step {
  std::string_view name, postgres, mariadb;  // the words of make_interval and INTERVAL
  std::string_view sqlite;
  std::int64_t most;    // beyond it nothing stays within the years 1 to 9999
  int months, seconds;  // of one
  std::string_view doc;
  std::vector<Example> examples;
};

// What leaves the years 1 to 9999 must not reach PostgreSQL's own bounds, where the statement ends.
std::string postgres_guard(int months, int seconds) {
  if (months != 0)
    return fmt::format(
        "CAST({{1}} AS int8) * {} + extract(year FROM {{0:100}} AT TIME ZONE 'UTC') * 12 + extract(month "
        "FROM {{0:100}} AT TIME ZONE 'UTC') "
        "BETWEEN 13 AND 120000",
        months);
  return fmt::format(
      "CAST({{1}} AS numeric) * {} + extract(epoch FROM {{0}}) BETWEEN -62135596800 AND 253402300799.999999",
      seconds);
}

template <auto native_body>
void add_step(std::vector<Function>& table, Step step) {
  Row(table, "date", step.name, {kInstant, kCount}, as_instant)
      .body(native<native_body>(keep(fmt::format("bf_timestamp_{}", step.name))))
      .fails({RowError::Overflow})
      .postgres(wrapped(keep(fmt::format("CASE WHEN {} THEN ({{0:100}} AT TIME ZONE 'UTC' + make_interval({} "
                                         "=> {{1}})) AT TIME ZONE 'UTC' END",
                                         postgres_guard(step.months, step.seconds), step.postgres))))
      .sqlite(wrapped(step.sqlite))
      .mariadb(wrapped(keep(fmt::format("CASE WHEN {{1:41}} BETWEEN -{0} - 1 AND {0} AND TIMESTAMPADD({1}, "
                                        "{{1}}, {{0}}) >= DATE'0001-01-01' "
                                        "THEN TIMESTAMPADD({1}, {{1}}, {{0}}) END",  // it has a year 0000
                                        step.most, step.mariadb))))
      .doc(step.doc)
      .examples(std::move(step.examples));
}

std::string_view sqlite_exact(std::string_view unit, std::int64_t most) {
  return keep(
      fmt::format("CASE WHEN {{1:41}} BETWEEN -{1} AND {1} AND datetime(substr({{0}}, 1, 19), ({{1}}) || ' "
                  "{0}') >= '0001' THEN "
                  "datetime(substr({{0}}, 1, 19), ({{1}}) || ' {0}') || substr({{0}}, 20) END",
                  unit, most));
}

void add_instant_steps(std::vector<Function>& table) {
  add_step<&body::instant_add_months>(
      table, {"add_months",
              "months",
              "MONTH",
              sqlite_months("{1}", true),
              120000,
              1,
              0,
              "the same time so many months later; the month's last day where it has no such day",
              {{"add_months(timestamp '2024-01-31T10:00:00Z', 1)", "timestamp '2024-02-29T10:00:00Z'"},
               {"add_months(timestamp '2024-03-31T00:00:00.5Z', -1)", "timestamp '2024-02-29T00:00:00.5Z'"},
               {"add_months(timestamp '9999-12-31T00:00:00Z', 1)", "error: overflow"},
               {"add_months(missing as timestamp, 1)", "missing"}}});
  add_step<&body::instant_add_years>(
      table, {"add_years",
              "years",
              "YEAR",
              sqlite_months("{1:80} * 12", true),
              10000,
              12,
              0,
              "the same time so many years later; February 28 where it has no 29",
              {{"add_years(timestamp '2024-02-29T10:00:00Z', 1)", "timestamp '2025-02-28T10:00:00Z'"},
               {"add_years(timestamp '2024-02-29T10:00:00Z', 4)", "timestamp '2028-02-29T10:00:00Z'"},
               {"add_years(timestamp '2024-02-29T10:00:00Z', 9000)", "error: overflow"},
               {"add_years(missing as timestamp, 1)", "missing"}}});
  add_step<&body::instant_add_days>(
      table, {"add_days",
              "days",
              "DAY",
              sqlite_exact("days", 3660000),
              3660000,
              0,
              86400,
              "so many days of 24 hours later",
              {{"add_days(timestamp '2024-02-28T10:00:00Z', 2)", "timestamp '2024-03-01T10:00:00Z'"},
               {"add_days(timestamp '1970-01-01T00:00:00.25Z', -1)", "timestamp '1969-12-31T00:00:00.25Z'"},
               {"add_days(timestamp '9999-12-31T00:00:00Z', 1)", "error: overflow"},
               {"add_days(missing as timestamp, 1)", "missing"}}});
  add_step<&body::add_hours>(
      table, {"add_hours",
              "hours",
              "HOUR",
              sqlite_exact("hours", 87700000),
              87700000,
              0,
              3600,
              "so many hours later",
              {{"add_hours(timestamp '2024-02-28T23:30:00Z', 1)", "timestamp '2024-02-29T00:30:00Z'"},
               {"add_hours(timestamp '1970-01-01T00:00:00Z', -1)", "timestamp '1969-12-31T23:00:00Z'"},
               {"add_hours(timestamp '9999-12-31T23:00:00Z', 1)", "error: overflow"},
               {"add_hours(missing, 1)", "missing"}}});
  add_step<&body::add_minutes>(
      table, {"add_minutes",
              "mins",
              "MINUTE",
              sqlite_exact("minutes", 2147483648),
              2147483648,
              0,
              60,
              "so many minutes later",
              {{"add_minutes(timestamp '2024-02-28T23:59:00Z', 1)", "timestamp '2024-02-29T00:00:00Z'"},
               {"add_minutes(timestamp '1970-01-01T00:00:00Z', -1)", "timestamp '1969-12-31T23:59:00Z'"},
               {"add_minutes(timestamp '9999-12-31T23:59:00Z', 1)", "error: overflow"},
               {"add_minutes(missing, 1)", "missing"}}});
  add_step<&body::add_seconds>(
      table, {"add_seconds",
              "secs",
              "SECOND",
              sqlite_exact("seconds", 2147483648),
              2147483648,
              0,
              1,
              "so many seconds later",
              {{"add_seconds(timestamp '2024-02-28T23:59:59.5Z', 1)", "timestamp '2024-02-29T00:00:00.5Z'"},
               {"add_seconds(timestamp '1970-01-01T00:00:00Z', -1)", "timestamp '1969-12-31T23:59:59Z'"},
               {"add_seconds(timestamp '9999-12-31T23:59:59Z', 1)", "error: overflow"},
               {"add_seconds(missing, 1)", "missing"}}});
}

// By the fields: {y}, {m} and {d} of each.
std::string_view months_apart(std::string_view year, std::string_view month, std::string_view day) {
  const auto of = [](std::string_view form, std::string_view hole) {
    std::string sql(form);
    sql.replace(sql.find("{}"), 2, hole);
    return sql;
  };
  return keep(
      fmt::format("(({} - {}) * 12 + {} - {} - CASE WHEN {{0:41}} <= {{1:41}} AND {} < {} THEN 1 WHEN "
                  "{{0:41}} > {{1:41}} AND {} > {} THEN -1 ELSE 0 END)",
                  of(year, "{1}"), of(year, "{0}"), of(month, "{1}"), of(month, "{0}"), of(day, "{1}"),
                  of(day, "{0}"), of(day, "{1}"), of(day, "{0}")));
}

std::string date_diff_of(std::span<const Value* const> literals, std::string_view form) {
  if (literals[0] == nullptr || literals[0]->missing()) return {};
  const std::string& unit = literals[0]->text();
  const std::int64_t seconds = unit == "second"   ? 1
                               : unit == "minute" ? 60
                               : unit == "hour"   ? 3600
                               : unit == "day"    ? 86400
                               : unit == "week"   ? 604800
                                                  : 0;
  if (seconds == 0) return {};
  std::string sql(form);
  return sql.replace(sql.find("%u"), 2, std::to_string(seconds));
}
std::string postgres_diff(std::span<const Value* const> literals) {
  return date_diff_of(literals, "CAST(div(extract(epoch FROM {2:70} - {1:71}), %u) AS int8)");
}
std::string sqlite_diff(std::span<const Value* const> literals) {
  return date_diff_of(
      literals,
      "(((CAST(strftime('%s', substr({2}, 1, 19)) AS INTEGER) - CAST(strftime('%s', substr({1}, 1, 19)) AS "
      "INTEGER)) * 1000000 + "
      "CAST(substr({2}, 21) AS INTEGER) - CAST(substr({1}, 21) AS INTEGER)) / (%u * 1000000))");
}
std::string mariadb_diff(std::span<const Value* const> literals) {
  return date_diff_of(literals, "(TIMESTAMPDIFF(MICROSECOND, {1}, {2}) DIV (%u * 1000000))");
}

SqlTemplate by_unit(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "the unit must be written out";
  sql.special = special;
  return sql;
}

void add_distances(std::vector<Function>& table) {
  const Parameter from = {"from", make(Kind::Date)}, to = {"to", make(Kind::Date)};
  const std::string_view postgres = months_apart(
      "CAST(extract(year FROM {}) AS int4)", "CAST(extract(month FROM {}) AS int4)", "extract(day FROM {})");
  const std::string_view sqlite = months_apart("CAST(substr({}, 1, 4) AS INTEGER)",
                                               "CAST(substr({}, 6, 2) AS INTEGER)", "substr({}, 9, 2)");
  const std::string_view mariadb = months_apart("YEAR({})", "MONTH({})", "DAYOFMONTH({})");
  Row(table, "date", "months_between", {from, to}, always<Kind::Int32>)
      .body(native<&body::months_between>("bf_months_between"))
      .postgres(wrapped(postgres))
      .sqlite(wrapped(sqlite))
      .mariadb(wrapped(mariadb))
      .doc("how many complete months later the second one is, by the day of the month")
      .examples({{"months_between(date '2024-01-31', date '2024-03-01')", "1"},
                 {"months_between(date '2024-01-31', date '2024-02-29')", "0"},
                 {"months_between(date '2024-03-01', date '2024-01-31')", "-1"},
                 {"months_between(missing, date '2024-01-31')", "missing"}});
  Row(table, "date", "years_between", {from, to}, always<Kind::Int32>)
      .body(native<&body::years_between>("bf_years_between"))
      .postgres(wrapped(keep(fmt::format("({} / 12)", postgres))))
      .sqlite(wrapped(keep(fmt::format("({} / 12)", sqlite))))
      .mariadb(wrapped(keep(fmt::format("({} DIV 12)", mariadb))))
      .doc("how many complete years later the second one is: an age")
      .examples({{"years_between(date '2000-02-29', date '2001-02-28')", "0"},
                 {"years_between(date '2000-02-29', date '2001-03-01')", "1"},
                 {"years_between(date '2001-03-01', date '2000-02-29')", "-1"},
                 {"years_between(missing, date '2024-01-31')", "missing"}});
  Row(table, "date", "date_diff",
      {{"unit", text()}, {"from", make(Kind::Timestamp)}, {"to", make(Kind::Timestamp)}}, always<Kind::Int64>)
      .body(native<&body::date_diff>("bf_date_diff"))
      .fails({RowError::OutOfDomain})
      .postgres(by_unit(postgres_diff))
      .sqlite(by_unit(sqlite_diff))
      .mariadb(by_unit(mariadb_diff))
      .doc("how many complete units ('second', 'minute', 'hour', 'day', 'week') later the second one is")
      .examples(
          {{"date_diff('hour', timestamp '2024-01-31T10:00:00Z', timestamp '2024-01-31T11:59:59Z')", "1"},
           {"date_diff('second', timestamp '2024-01-31T10:00:00.5Z', timestamp '2024-01-31T10:00:00Z')", "0"},
           {"date_diff('week', timestamp '2024-01-31T00:00:00Z', timestamp '2024-01-01T00:00:00Z')", "-4"},
           {"date_diff('age', timestamp '2024-01-31T10:00:00Z', timestamp '2024-01-31T10:00:00Z')",
            "error: argument out of domain"},
           {"date_diff('day', missing, timestamp '2024-01-31T10:00:00Z')", "missing"}});
  Row(table, "date", "next_weekday", {kDate, {"weekday", make(Kind::Int32)}}, as_date)
      .body(native<&body::next_weekday>("bf_next_weekday"))
      .fails({RowError::OutOfDomain, RowError::Overflow})
      .postgres(wrapped(
          "CASE WHEN {1:41} BETWEEN 1 AND 7 AND date '9999-12-31' - {0:71} > ({1:70} - CAST(extract(isodow "
          "FROM {0}) AS int4) + 6) % 7 THEN {0:70} + (({1:70} - CAST(extract(isodow FROM {0}) AS int4) + 6) "
          "% "
          "7 + 1) END"))
      .sqlite(wrapped("CASE WHEN {1:41} BETWEEN 1 AND 7 THEN date({0}, (({1:70} - ((CAST(strftime('%w', {0}) "
                      "AS INTEGER) + 6) % 7 + 1) + 6) % 7 + 1) || ' days') END"))
      .mariadb(wrapped("CASE WHEN {1:41} BETWEEN 1 AND 7 THEN DATE_ADD({0}, INTERVAL (({1:70} - WEEKDAY({0}) "
                       "+ 5) % 7 + 1) DAY) END"))
      .doc("the first day after it that is such a weekday, 1 (Monday) to 7")
      .examples({{"next_weekday(date '2024-02-29', 5)", "date '2024-03-01'"},
                 {"next_weekday(date '2024-02-29', 4)", "date '2024-03-07'"},
                 {"next_weekday(date '2024-02-29', 8)", "error: argument out of domain"},
                 {"next_weekday(date '9999-12-31', 1)", "error: overflow"},
                 {"next_weekday(missing, 1)", "missing"}});
  Row(table, "operator", "-", {{"left", make(Kind::Timestamp)}, {"right", make(Kind::Timestamp)}},
      always<Kind::Interval>)
      .as_operator()
      .body(native<&body::apart>("bf_timestamp_minus_timestamp"))
      .sqlite(unavailable("SQLite has no intervals"))
      .mariadb(unavailable("MariaDB has no values of intervals"))
      .doc("how much later the left one is")
      .examples({{"timestamp '2024-01-31T10:00:00Z' - timestamp '2024-01-31T09:00:00Z' = 1 hour", "true"},
                 {"timestamp '2024-01-31T10:00:00Z' - timestamp '2024-01-31T10:00:00Z' < 1 hour", "true"},
                 {"timestamp '2024-01-31T10:00:00Z' - (missing as timestamp)", "missing"}});
}

}  // namespace

void add_date_steps(std::vector<Function>& table) {
  add_date_steps_of_days(table);
  add_instant_steps(table);
  add_distances(table);
}

}  // namespace backfill::stdlib
