// SPDX-License-Identifier: Apache-2.0
// Parts of dates and instants as vectors, against the bodies that the evaluator asks.
#include "stdlib/calendar.h"
#include "tests/compiler/lower_llvm/spec.h"

namespace backfill::test {

using stdlib::Kind;
using stdlib::Value;

namespace {

constexpr const char* kUnits[] = {"year", "quarter", "month", "week", "day", "hour", "minute", "second"};
constexpr const char* kFields[] = {"year", "month", "day", "weekday", "hour", "minute", "second"};

// The ends, the turns of centuries day by day, and something of every year.
std::vector<std::int64_t> days() {
  std::vector<std::int64_t> all;
  const auto add = [&](std::int64_t from, std::int64_t to, std::int64_t step) {
    for (std::int64_t day = from; day <= to; day += step) all.push_back(day);
  };
  add(stdlib::kFirstDay, stdlib::kFirstDay + 400, 1);
  for (const int year : {1600, 1700, 1900, 2000, 2100}) {
    const std::int32_t begin = stdlib::days_from_civil({year - 1, 12, 1});
    add(begin, begin + 100, 1);
  }
  add(stdlib::kFirstDay, stdlib::kLastDay, 2003);
  add(stdlib::kLastDay - 400, stdlib::kLastDay, 1);
  return all;
}

Rows instants() {
  constexpr std::int64_t kTimes[] = {0,
                                     1,
                                     stdlib::kSecond - 1,
                                     stdlib::kHour - 1,
                                     stdlib::kHour,
                                     12 * stdlib::kHour + 34 * stdlib::kMinute + 56'789'012,
                                     stdlib::kDay - stdlib::kSecond,
                                     stdlib::kDay - 1};
  Rows rows;
  for (const std::int64_t day : days()) rows.push_back({day * stdlib::kDay + kTimes[rows.size() % 8]});
  rows.push_back({Value()});
  return rows;
}

void compare_parts(Kind kind, std::span<const char* const> units, std::span<const char* const> fields,
                   Rows rows) {
  Spec spec;
  const ir::Expr* value = spec.input(stdlib::make(kind).or_missing());
  std::size_t outputs = 0;
  for (const char* unit : units) spec.derive(spec.call("date_trunc", {spec.text(unit), value})), ++outputs;
  for (const char* field : fields) spec.derive(spec.call(field, {value})), ++outputs;
  spec.finish();
  for (auto& row : rows) row.resize(1 + outputs);
  CHECK(compare(*compile(spec.backfill), spec.backfill, rows) == 0);
}

}  // namespace

TEST_CASE("parts of instants and local times are what the calendar says, from year 1 to 9999") {
  compare_parts(Kind::Timestamp, kUnits, kFields, instants());
  compare_parts(Kind::LocalTimestamp, kUnits, kFields, instants());
}

TEST_CASE("parts of dates are what the calendar says, from year 1 to 9999") {
  Rows rows;
  for (const std::int64_t day : days()) rows.push_back({day});
  rows.push_back({Value()});
  compare_parts(Kind::Date, std::span(kUnits).first(5), std::span(kFields).first(4), rows);
}

TEST_CASE("a unit that is a column, or none, is left to the body") {
  Spec spec;
  const ir::Expr* unit = spec.input(stdlib::text().or_missing());
  const ir::Expr* at = spec.input(stdlib::make(Kind::Timestamp));
  spec.derive(spec.call("date_trunc", {unit, at}));
  spec.derive(spec.call("date_trunc", {spec.text("age"), at}));
  spec.finish();
  Rows rows;
  for (const char* name : {"year", "minute", "age", ""}) {
    for (const std::int64_t when : {stdlib::kFirstInstant, std::int64_t{-1}, stdlib::kLastInstant})
      rows.push_back({std::string(name), when, Value(), Value()});
  }
  CHECK(compare(*compile(spec.backfill), spec.backfill, rows) == rows.size());
}

}  // namespace backfill::test
