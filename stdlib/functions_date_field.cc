// SPDX-License-Identifier: Apache-2.0
// What a date or an instant is: fields beyond year, month and day, names, seconds since 1970.
#include <fmt/format.h>

#include "stdlib/native_date_step.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_date;

const Parameter kDate = {"value", make(Kind::Date)};
const Parameter kInstant = {"value", make(Kind::Timestamp)};
const auto as_int32 = always<Kind::Int32>;

struct Field {
  std::string_view name, postgres, sqlite, mariadb, doc;
  std::string_view of_date, of_instant;  // of 2024-12-30 (a Monday) and 2021-01-03T23:59:59.5Z (a Sunday)
};

template <auto of_date, auto of_instant>
void add_field(std::vector<Function>& table, const Field& field) {
  for (const bool date : {true, false}) {
    const std::string_view zone = date ? "" : " AT TIME ZONE 'UTC'";
    const std::string_view value = date ? "date '2024-12-30'" : "timestamp '2021-01-03T23:59:59.5Z'";
    Row(table, "date", field.name, {date ? kDate : kInstant}, as_int32)
        .body(date ? native<of_date>(keep(fmt::format("bf_{}_of_date", field.name)))
                   : native<of_instant>(keep(fmt::format("bf_{}_of_timestamp", field.name))))
        .postgres(
            wrapped(keep(fmt::format("CAST(extract({} FROM {{0:100}}{}) AS int4)", field.postgres, zone))))
        .sqlite(wrapped(field.sqlite))
        .mariadb(wrapped(field.mariadb))
        .doc(field.doc)
        .examples(
            {{keep(fmt::format("{}({})", field.name, value)), date ? field.of_date : field.of_instant},
             {keep(fmt::format("{}(date '0001-01-01') >= 0", field.name)), "true"},
             {keep(fmt::format("{}(missing as {})", field.name, date ? "date" : "timestamp")), "missing"}});
  }
}

constexpr std::string_view kThursday = "date(substr({0}, 1, 10), '-3 days', 'weekday 4')";

void add_fields(std::vector<Function>& table) {
  add_field<&body::quarter, &body::quarter_of_instant>(
      table, {"quarter", "quarter", "((CAST(substr({0}, 6, 2) AS INTEGER) + 2) / 3)", "QUARTER({0})",
              "the quarter, 1 to 4", "4", "1"});
  add_field<&body::iso_week, &body::iso_week_of_instant>(
      table,
      {"week", "week", keep(fmt::format("((CAST(strftime('%j', {}) AS INTEGER) - 1) / 7 + 1)", kThursday)),
       "WEEK({0}, 3)", "the ISO week, 1 to 53: that of its Thursday", "1", "53"});
  add_field<&body::iso_year, &body::iso_year_of_instant>(
      table, {"isoyear", "isoyear", keep(fmt::format("CAST(strftime('%Y', {}) AS INTEGER)", kThursday)),
              "(YEARWEEK({0}, 3) DIV 100)", "the year that its ISO week belongs to", "2025", "2020"});
  add_field<&body::day_of_year, &body::day_of_year_of_instant>(
      table, {"doy", "doy", "CAST(strftime('%j', substr({0}, 1, 10)) AS INTEGER)", "DAYOFYEAR({0})",
              "the day of the year, 1 to 366", "365", "3"});
  add_field<&body::day_of_week, &body::day_of_week_of_instant>(
      table, {"dow", "dow", "CAST(strftime('%w', substr({0}, 1, 10)) AS INTEGER)", "(DAYOFWEEK({0}) - 1)",
              "the day of the week, 0 (Sunday) to 6; `weekday` counts from Monday", "1", "0"});
}

constexpr std::string_view kSqliteSeconds = "CAST(strftime('%s', substr({0}, 1, 19)) AS INTEGER)";
constexpr std::string_view kMariaSeconds =
    "TIMESTAMPDIFF(SECOND, '1970-01-01 00:00:00', {0} - INTERVAL MICROSECOND({0}) MICROSECOND)";

void add_epochs(std::vector<Function>& table) {
  const auto as_int64 = always<Kind::Int64>;
  const auto as_instant = always<Kind::Timestamp>;
  Row(table, "date", "epoch", {kInstant}, as_int64)
      .body(native<&body::epoch>("bf_epoch"))
      .postgres(wrapped("CAST(floor(extract(epoch FROM {0})) AS int8)"))
      .sqlite(wrapped(kSqliteSeconds))
      .mariadb(wrapped(kMariaSeconds))
      .doc("whole seconds since 1970-01-01 in UTC, downwards")
      .examples({{"epoch(timestamp '2024-01-31T10:00:00.9Z')", "1706695200"},
                 {"epoch(timestamp '1969-12-31T23:59:59.5Z')", "-1"},
                 {"epoch(missing)", "missing"}});
  Row(table, "date", "epoch_ms", {kInstant}, as_int64)
      .body(native<&body::epoch_ms>("bf_epoch_ms"))
      .postgres(wrapped("CAST(floor(extract(epoch FROM {0}) * 1000) AS int8)"))
      .sqlite(
          wrapped(keep(fmt::format("({} * 1000 + CAST(substr({{0}}, 21, 3) AS INTEGER))", kSqliteSeconds))))
      .mariadb(wrapped(keep(fmt::format("({} * 1000 + MICROSECOND({{0}}) DIV 1000)", kMariaSeconds))))
      .doc("whole milliseconds since 1970-01-01 in UTC, downwards")
      .examples({{"epoch_ms(timestamp '1970-01-01T00:00:01.234567Z')", "1234"},
                 {"epoch_ms(timestamp '1969-12-31T23:59:59.9995Z')", "-1"},
                 {"epoch_ms(missing)", "missing"}});
  Row(table, "date", "from_epoch", {{"seconds", make(Kind::Int64)}}, as_instant)
      .body(native<&body::from_epoch>("bf_from_epoch"))
      .fails({RowError::Overflow})
      .postgres(wrapped("CASE WHEN {0:41} BETWEEN -62135596800 AND 253402300799 THEN timestamptz '1970-01-01 "
                        "00:00:00+00' + "
                        "{0:100} * interval '1 second' END"))
      .sqlite(wrapped("CASE WHEN {0:41} BETWEEN -62135596800 AND 253402300799 THEN strftime('%Y-%m-%d "
                      "%H:%M:%S.000000', {0}, 'unixepoch') END"))
      .mariadb(wrapped("CASE WHEN {0:41} BETWEEN -62135596800 AND 253402300799 THEN TIMESTAMPADD(SECOND, "
                       "{0}, TIMESTAMP'1970-01-01 00:00:00.000000') END"))
      .doc("the instant so many seconds after 1970-01-01 in UTC")
      .examples({{"from_epoch(1706695200)", "timestamp '2024-01-31T10:00:00Z'"},
                 {"from_epoch(-1)", "timestamp '1969-12-31T23:59:59Z'"},
                 {"from_epoch(253402300800)", "error: overflow"},
                 {"from_epoch(missing)", "missing"}});
  Row(table, "date", "from_epoch_ms", {{"milliseconds", make(Kind::Int64)}}, as_instant)
      .body(native<&body::from_epoch_ms>("bf_from_epoch_ms"))
      .fails({RowError::Overflow})
      .postgres(wrapped("CASE WHEN {0:41} BETWEEN -62135596800000 AND 253402300799999 THEN timestamptz "
                        "'1970-01-01 00:00:00+00' + "
                        "{0:80} / 1000 * interval '1 second' + {0:80} % 1000 * interval '1 millisecond' END"))
      .sqlite(wrapped(
          "CASE WHEN {0:41} BETWEEN -62135596800000 AND 253402300799999 THEN strftime('%Y-%m-%d %H:%M:%S.', "
          "({0:70} - ({0:80} % 1000 + 1000) % 1000) / 1000, 'unixepoch') || printf('%03d000', ({0:80} % 1000 "
          "+ 1000) % 1000) END"))
      .mariadb(wrapped("CASE WHEN {0:41} BETWEEN -62135596800000 AND 253402300799999 THEN "
                       "TIMESTAMPADD(MICROSECOND, {0:80} * 1000, "
                       "TIMESTAMP'1970-01-01 00:00:00.000000') END"))
      .doc("the instant so many milliseconds after 1970-01-01 in UTC")
      .examples({{"from_epoch_ms(1234)", "timestamp '1970-01-01T00:00:01.234Z'"},
                 {"from_epoch_ms(-1)", "timestamp '1969-12-31T23:59:59.999Z'"},
                 {"from_epoch_ms(253402300800000)", "error: overflow"},
                 {"from_epoch_ms(missing)", "missing"}});
}

std::string_view sqlite_name(std::string_view asked, std::span<const std::string_view> names, int first) {
  std::string sql = fmt::format("CASE CAST({} AS INTEGER)", asked);
  for (std::size_t i = 0; i < names.size(); ++i)
    sql += fmt::format(" WHEN {} THEN '{}'", static_cast<int>(i) + first, names[i]);
  return keep(sql + " END");
}

void add_names(std::vector<Function>& table) {
  constexpr std::string_view kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                        "Thursday", "Friday", "Saturday"};
  constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};
  const auto elt = [](std::string_view asked, std::span<const std::string_view> names) {
    return wrapped(keep(fmt::format("ELT({}, '{}')", asked, fmt::join(names, "', '"))));
  };
  Row(table, "date", "day_name", {kDate}, always<Kind::Text>)
      .body(native<&body::day_name>("bf_day_name"))
      .postgres(wrapped("to_char({0}, 'FMDay')"))
      .sqlite(wrapped(sqlite_name("strftime('%w', {0})", kDays, 0)))
      .mariadb(elt("DAYOFWEEK({0})", kDays))
      .doc("the day of the week in English")
      .examples({{"day_name(date '2024-02-29')", "'Thursday'"},
                 {"day_name(date '0001-01-01')", "'Monday'"},
                 {"day_name(missing)", "missing"}});
  Row(table, "date", "month_name", {kDate}, always<Kind::Text>)
      .body(native<&body::month_name>("bf_month_name"))
      .postgres(wrapped("to_char({0}, 'FMMonth')"))
      .sqlite(wrapped(sqlite_name("substr({0}, 6, 2)", kMonths, 1)))
      .mariadb(elt("MONTH({0})", kMonths))
      .doc("the month in English")
      .examples({{"month_name(date '2024-02-29')", "'February'"},
                 {"month_name(date '1999-12-31')", "'December'"},
                 {"month_name(missing)", "missing"}});
}

void add_questions(std::vector<Function>& table) {
  Row(table, "date", "days_in_month", {kDate}, as_int32)
      .body(native<&body::days_in_month_of>("bf_days_in_month"))
      .postgres(wrapped("CAST(extract(day FROM date_trunc('month', CAST({0} AS timestamp)) + interval '1 "
                        "month -1 day') AS int4)"))
      .sqlite(wrapped("CASE WHEN {0:41} >= '9999-12-01' THEN 31 ELSE CAST(strftime('%d', {0}, 'start of "
                      "month', '+1 month', '-1 day') AS INTEGER) END"))
      .mariadb(wrapped("DAYOFMONTH(LAST_DAY({0}))"))
      .doc("how many days its month has")
      .examples({{"days_in_month(date '2024-02-01')", "29"},
                 {"days_in_month(date '9999-12-31')", "31"},
                 {"days_in_month(missing)", "missing"}});
  Row(table, "date", "is_weekend", {kDate}, always<Kind::Bool>)
      .body(native<&body::is_weekend>("bf_is_weekend"))
      .postgres(wrapped("extract(isodow FROM {0}) >= 6", 40))
      .sqlite(wrapped("strftime('%w', {0}) IN ('0', '6')", 40))
      .mariadb(wrapped("WEEKDAY({0}) >= 5", 40))
      .doc("is it a Saturday or a Sunday")
      .examples({{"is_weekend(date '2024-03-02')", "true"},
                 {"is_weekend(date '2024-03-04')", "false"},
                 {"is_weekend(missing)", "missing"}});
  Row(table, "date", "is_leap_year", {{"year", make(Kind::Int32)}}, always<Kind::Bool>)
      .body(native<&body::is_leap_year>("bf_is_leap_year"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {0:41} BETWEEN 1 AND 9999 THEN {0:80} % 4 = 0 AND ({0:80} % 100 <> 0 OR "
                          "{0:80} % 400 = 0) END"))
      .doc("has the year a February 29")
      .examples({{"is_leap_year(2024)", "true"},
                 {"is_leap_year(1900)", "false"},
                 {"is_leap_year(0)", "error: argument out of domain"},
                 {"is_leap_year(missing)", "missing"}});
}

}  // namespace

void add_date_fields(std::vector<Function>& table) {
  add_fields(table);
  add_epochs(table);
  add_names(table);
  add_questions(table);
}

}  // namespace backfill::stdlib
