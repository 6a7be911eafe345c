// SPDX-License-Identifier: Apache-2.0
// Functions on floats beyond arithmetic.
#include <fmt/format.h>

#include "stdlib/native_float.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_float;

constexpr std::string_view kLastDigit =
    "the last digit is the math library's, which differs between machines";

Parameter number(std::string_view name) {
  return {name, make(Kind::Float64)};
}

template <auto native_body>
void add(std::vector<Function>& table, std::string_view name, std::vector<Parameter> parameters,
         std::vector<RowError> errors, std::string_view doc, std::vector<Example> examples) {
  const std::string_view holes = parameters.size() == 1 ? "{0}" : "{0}, {1}";
  Row(table, "number", name, std::move(parameters), always<Kind::Float64>)
      .body(native<native_body>(keep(fmt::format("bf_{}", name))))
      .fails(std::move(errors))
      .postgres(unavailable(kLastDigit))
      .sqlite(assisted(keep(fmt::format("backfill_{}({})", name, holes)), kLastDigit))
      .mariadb(unavailable(kLastDigit))
      .doc(doc)
      .examples(std::move(examples));
}

void add_powers(std::vector<Function>& table) {
  add<&body::power>(table, "power", {number("base"), number("exponent")},
                    {RowError::OutOfDomain, RowError::Overflow}, "the base to the power of the exponent",
                    {{"power(2e0, 10e0)", "1024e0"},
                     {"power(0e0, 0e0)", "1e0"},
                     {"power(-8e0, 0.5e0)", "error: argument out of domain"},
                     {"power(0e0, -1e0)", "error: argument out of domain"},
                     {"power(10e0, 400e0)", "error: overflow"},
                     {"power(missing, 2e0)", "missing"}});
  add<&body::exp>(table, "exp", {number("value")}, {RowError::Overflow}, "e to the power of the value",
                  {{"exp(0e0)", "1e0"},
                   {"exp(1000e0)", "error: overflow"},
                   {"exp(-1000e0)", "error: overflow"},
                   {"exp(missing)", "missing"}});
  add<&body::ln>(table, "ln", {number("value")}, {RowError::OutOfDomain}, "the natural logarithm",
                 {{"ln(1e0)", "0e0"},
                  {"ln(0e0)", "error: argument out of domain"},
                  {"ln(-1e0)", "error: argument out of domain"},
                  {"ln(missing)", "missing"}});
  add<&body::log10>(table, "log10", {number("value")}, {RowError::OutOfDomain}, "the logarithm to base 10",
                    {{"log10(1000e0)", "3e0"},
                     {"log10(1e0)", "0e0"},
                     {"log10(0e0)", "error: argument out of domain"},
                     {"log10(missing)", "missing"}});
}

void add_angles(std::vector<Function>& table) {
  Row(table, "number", "degrees", {number("radians")}, always<Kind::Float64>)
      .body(native<&body::degrees>("bf_degrees"))
      .fails({RowError::Overflow})
      .postgres(wrapped("CASE WHEN abs({0}) <= '3.1375664143845866e306'::float8 THEN degrees({0}) END"))
      .sqlite(wrapped("CASE WHEN ({0:80} / 0.017453292519943295) - ({0:80} / 0.017453292519943295) = 0 THEN "
                      "{0:80} / 0.017453292519943295 END"))
      .mariadb(
          wrapped("CASE WHEN ABS({0}) <= 3.1375664143845866e306 THEN {0:80} / 0.017453292519943295e0 END"))
      .doc("an angle in radians as degrees")
      .examples(
          {{"degrees(0e0)", "0e0"}, {"degrees(1e308)", "error: overflow"}, {"degrees(missing)", "missing"}});
  Row(table, "number", "radians", {number("degrees")}, always<Kind::Float64>)
      .body(native<&body::radians>("bf_radians"))
      .fails({RowError::Overflow})
      .postgres(
          wrapped("CASE WHEN abs({0}) > CAST('1.4e-322' AS float8) OR {0:41} = 0 THEN radians({0}) END"))
      .sqlite(wrapped("CASE WHEN {0:80} * 0.017453292519943295 <> 0 OR {0:41} = 0 THEN {0:80} * "
                      "0.017453292519943295 END"))
      .mariadb(wrapped("CASE WHEN {0:80} * 0.017453292519943295e0 <> 0 OR {0:41} = 0 THEN {0:80} * "
                       "0.017453292519943295e0 END"))
      .doc("an angle in degrees as radians")
      .examples({{"radians(0e0)", "0e0"}, {"radians(180e0) > 3e0", "true"}, {"radians(missing)", "missing"}});
}

}  // namespace

void add_float_functions(std::vector<Function>& table) {
  add_powers(table);
  add_angles(table);
  Row(table, "number", "clamp", {number("value"), number("low"), number("high")}, always<Kind::Float64>)
      .body(native<&body::clamp>("bf_clamp_float"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} <= {2:41} THEN CASE WHEN {0:41} < {1:41} THEN {1} WHEN {0:41} > "
                          "{2:41} THEN {2} WHEN {0:41} IS NOT NULL THEN {0} END END"))
      .doc("the value, or the end of the range that it lies beyond")
      .examples({{"clamp(5e0, 0e0, 1e0)", "1e0"},
                 {"clamp(-5e0, 0e0, 1e0)", "0e0"},
                 {"clamp(5e0, 1e0, 0e0)", "error: argument out of domain"},
                 {"clamp(missing * 1e0, 0e0, 1e0)", "missing"}});
}

}  // namespace backfill::stdlib
