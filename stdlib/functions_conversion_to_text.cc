// SPDX-License-Identifier: Apache-2.0
// Values as texts.
#include <fmt/format.h>

#include "stdlib/conversion_row.h"

namespace backfill::stdlib {
namespace {

void add_numbers_to_text(std::vector<Function>& table) {
  const SqlTemplate cast = same("{0:100}::text");
  const SqlTemplate sqlite = same("CAST({0} AS TEXT)");
  const std::string_view digits = "its digits";
  add(table, {Kind::Int16,
              target<Kind::Text>,
              native<&text_from_int16>("bf_text_from_int16"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int16) as text", "'7'"},
               {"(-7 as int16) as text", "'-7'"},
               {"(missing as int16) as text", "missing"}},
              same("CAST({0} AS CHAR)")});
  add(table, {Kind::Int32,
              target<Kind::Text>,
              native<&text_from_int32>("bf_text_from_int32"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int32) as text", "'7'"},
               {"(-7 as int32) as text", "'-7'"},
               {"(missing as int32) as text", "missing"}},
              same("CAST({0} AS CHAR)")});
  add(table, {Kind::Int64,
              target<Kind::Text>,
              native<&text_from_int64>("bf_text_from_int64"),
              {},
              cast,
              sqlite,
              digits,
              {{"(7 as int64) as text", "'7'"},
               {"9223372036854775807 as text", "'9223372036854775807'"},
               {"(missing as int64) as text", "missing"}},
              same("CAST({0} AS CHAR)")});
  add(table, {Kind::Decimal,
              target<Kind::Text>,
              native<&text_from_decimal>("bf_text_from_decimal"),
              {},
              wrapped("round({0}, {s0})::text"),
              unavailable(kNoExactDecimals),
              "all digits of the declared scale",
              {{"1.50 as text", "'1.50'"}, {"(-0.05) as text", "'-0.05'"}, {"(1.50 * 2) as text", "'3.00'"}},
              wrapped("CAST(CAST({0} AS DECIMAL({p0}, {s0})) AS CHAR)")});
  add(table,
      {Kind::Bool,
       target<Kind::Text>,
       native<&text_from_bool>("bf_text_from_bool"),
       {},
       cast,
       wrapped("CASE {0} WHEN 1 THEN 'true' WHEN 0 THEN 'false' END"),
       "`true` or `false`",
       {{"true as text", "'true'"}, {"false as text", "'false'"}, {"(missing as bool) as text", "missing"}},
       wrapped("CASE WHEN {0} THEN 'true' WHEN NOT ({0}) THEN 'false' END")});
}

// Six digits of a second, or none.
std::string postgres_iso(std::string_view moment, std::string_view zone) {
  return fmt::format(
      "CASE WHEN date_trunc('second', {0}) = {0} THEN to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SS{1}') ELSE "
      "to_char({0}, 'YYYY-MM-DD\"T\"HH24:MI:SS.US{1}') END",
      moment, zone);
}

void add_others_to_text(std::vector<Function>& table) {
  const SqlTemplate cast = same("{0:100}::text");
  add(table, {Kind::Date,
              target<Kind::Text>,
              native<&text_from_date>("bf_text_from_date"),
              {},
              pinned("{0:100}::text"),
              same("{0}"),
              "the ISO form: 2024-01-31",
              {{"date '2024-01-31' as text", "'2024-01-31'"},
               {"date '0001-01-01' as text", "'0001-01-01'"},
               {"(missing as date) as text", "missing"}},
              same("CAST({0} AS CHAR)")});
  add(table, {Kind::Timestamp,
              target<Kind::Text>,
              native<&text_from_timestamp>("bf_text_from_timestamp"),
              {},
              wrapped(keep(postgres_iso("{0:100} AT TIME ZONE 'UTC'", "\"Z\""))),
              unavailable(kNotProven),
              "the ISO form in UTC: 2024-01-31T10:00:00Z, six digits of a second where there are any",
              {{"timestamp '2024-01-31T10:00:00Z' as text", "'2024-01-31T10:00:00Z'"},
               {"timestamp '2024-01-31T10:00:00.5Z' as text", "'2024-01-31T10:00:00.500000Z'"},
               {"(missing as timestamp) as text", "missing"}},
              wrapped("CONCAT(DATE_FORMAT({0}, '%Y-%m-%dT%H:%i:%s'), CASE WHEN MICROSECOND({0}) = 0 THEN '' "
                      "ELSE DATE_FORMAT({0}, '.%f') END, 'Z')")});
  add(table, {Kind::LocalTimestamp,
              target<Kind::Text>,
              native<&text_from_local_timestamp>("bf_text_from_local_timestamp"),
              {},
              wrapped(keep(postgres_iso("{0}", ""))),
              unavailable(kNotProven),
              "the ISO form without a zone",
              {{"('2024-01-31T10:00' as local_timestamp) as text", "'2024-01-31T10:00:00'"},
               {"('1969-12-31T23:59:59.999999' as local_timestamp) as text", "'1969-12-31T23:59:59.999999'"},
               {"(missing as local_timestamp) as text", "missing"}},
              wrapped("CONCAT(DATE_FORMAT({0}, '%Y-%m-%dT%H:%i:%s'), CASE WHEN MICROSECOND({0}) = 0 THEN '' "
                      "ELSE DATE_FORMAT({0}, '.%f') END)")});
  add(table, {Kind::Enum,
              target<Kind::Text>,
              native<&text_from_text>("bf_text_from_enum"),
              {},
              cast,
              same("{0}"),
              "the label",
              {},
              same("{0:100}")});
  add(table, {Kind::Uuid,
              target<Kind::Text>,
              native<&text_from_text>("bf_text_from_uuid"),
              {},
              cast,
              unavailable(kNotProven),
              "lower case, with hyphens",
              {{"('AAAAAAAA-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"('aaaaaaaa-0000-0000-0000-000000000001' as uuid) as text",
                "'aaaaaaaa-0000-0000-0000-000000000001'"},
               {"(missing as uuid) as text", "missing"}},
              same("{0:100}")});
}

}  // namespace

void add_conversions_to_text(std::vector<Function>& table) {
  add_numbers_to_text(table);
  add_others_to_text(table);
}

}  // namespace backfill::stdlib
