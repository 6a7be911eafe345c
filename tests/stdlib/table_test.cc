// SPDX-License-Identifier: Apache-2.0
// Guards of the function table: every row is complete, no two mean the same, natives take what rows promise.
#include <catch2/catch.hpp>

#include <set>

#include "stdlib/function.h"

namespace backfill::stdlib {
namespace {

// What a native must take for a parameter: decimals always wide.
Physical passed(const Type& type) {
  return type.kind == Kind::Decimal ? Physical::Int128 : physical(type);
}

std::vector<Type> sample_types(const Function& row) {
  std::vector<Type> types;
  for (const Parameter& parameter : row.parameters) {
    types.push_back(parameter.type.kind == Kind::Decimal ? decimal(10, 2) : parameter.type);
  }
  return types;
}

TEST_CASE("no signature is in the table twice") {
  std::set<std::string> seen;
  for (const Function& row : functions()) {
    const std::string target = row.name == "as" ? to_string(row.result(sample_types(row))) : "";
    CHECK(seen.insert(signature(row) + target).second);
  }
}

TEST_CASE("every row is documented and has examples") {
  for (const Function& row : functions()) {
    INFO(signature(row));
    CHECK(!row.doc.empty());
    CHECK(!row.group.empty());
    CHECK((row.examples.size() >= 3 || row.parameters[0].type.kind == Kind::Enum));
    CHECK(row.result != nullptr);
  }
}

TEST_CASE("every row can be computed, natively and by the evaluator") {
  std::set<std::string> symbols;
  for (const Function& row : functions()) {
    INFO(signature(row));
    REQUIRE(row.evaluate != nullptr);
    CHECK((row.inlined == Inline::None) == (row.native.address != nullptr));
    if (row.native.address == nullptr) continue;
    CHECK(symbols.insert(std::string(row.native.symbol)).second);
    CHECK(row.native.symbol.starts_with("bf_"));
  }
}

TEST_CASE("natives take and give what their rows promise") {
  for (const Function& row : functions()) {
    if (row.native.address == nullptr) continue;
    INFO(signature(row));
    std::vector<Physical> wanted;
    for (const Parameter& parameter : row.parameters) wanted.push_back(passed(parameter.type));
    CHECK(row.native.parameters == wanted);
    const Type result = row.result(sample_types(row));
    CHECK(row.native.result == passed(result));
    if (result.kind == Kind::Decimal && row.name == "as") CHECK(row.native.wants_result);
  }
}

TEST_CASE("rows that decide about missing arguments take them as text or inline") {
  for (const Function& row : functions()) {
    if (is_strict(row.null_rule) || row.native.address == nullptr) continue;
    INFO(signature(row));
    for (const Parameter& parameter : row.parameters) CHECK(physical(parameter.type) == Physical::Text);
    if (row.null_rule == NullRule::Decides) CHECK(row.native.result == Physical::Text);
  }
}

TEST_CASE("what is unavailable or assisted says why, what is available has SQL") {
  for (const Function& row : functions()) {
    for (const SqlTemplate& sql : row.sql) {
      INFO(signature(row));
      if (sql.availability == Availability::Unavailable || sql.availability == Availability::Assisted) {
        CHECK(!sql.reason.empty());
      }
      CHECK((sql.availability == Availability::Unavailable) ==
            (sql.text.empty() && sql.special == nullptr && sql.typed == nullptr));
      if (sql.text.empty()) CHECK(!sql.reason.empty());
      if (sql.availability == Availability::Assisted) CHECK(sql.text.starts_with("backfill_"));
    }
  }
}

// Its decimals are doubles: good to compare, to choose, and for what doubles give exactly.
TEST_CASE("SQLite is not asked to compute with decimals") {
  const std::set<std::string_view> exact = {"abs",   "ceil",   "clamp", "floor", "greatest",
                                            "least", "nullif", "round", "sign",  "trunc"};
  for (const Function& row : functions()) {
    for (const Parameter& parameter : row.parameters) {
      if (parameter.type.kind != Kind::Decimal) continue;
      INFO(signature(row));
      const bool compares = to_string(row.result(std::vector<Type>(2, decimal(5, 2)))) == "bool";
      const bool negates = row.name == "-" && row.parameters.size() == 1;
      const bool to_digits = row.parameters.size() == 2 && row.parameters[1].name == "digits";
      const bool known = compares || negates || (exact.contains(row.name) && !to_digits);
      CHECK((row.in(Dialect::Sqlite).availability == Availability::Unavailable) != known);
    }
  }
}

TEST_CASE("errors that examples show are declared") {
  for (const Function& row : functions()) {
    for (const Example& example : row.examples) {
      if (!example.result.starts_with("error: ")) continue;
      INFO(signature(row) << " " << example.expression);
      bool declared = false;
      for (const RowError error : row.errors) declared = declared || example.result.substr(7) == text(error);
      CHECK(declared);
    }
  }
}

TEST_CASE("resolution: exact, then fewest conversions, then none") {
  const auto resolved = [](std::string_view name, std::vector<Type> types) { return resolve(name, types); };
  const Type i16 = make(Kind::Int16), i32 = make(Kind::Int32), i64 = make(Kind::Int64);
  CHECK(to_string(resolved("+", {i16, i16}).result) == "int16");
  CHECK(to_string(resolved("+", {i16, i32}).result) == "int32");
  CHECK(to_string(resolved("+", {i64, i16}).result) == "int64");
  CHECK(to_string(resolved("+", {i32.or_missing(), i32}).result) == "int32?");
  CHECK(to_string(resolved("+", {make(Kind::Missing), i64}).result) == "int64?");
  CHECK(to_string(resolved("=", {i16, i64}).parameter_types[0]) == "int64");
  CHECK(to_string(resolved("-", {i32}).result) == "int32");
  CHECK(resolved("+", {text(), i32}).function == nullptr);
  CHECK(resolved("=", {text(), i32}).function == nullptr);
  CHECK(resolved("=", {make(Kind::Date), make(Kind::Timestamp)}).function == nullptr);
  CHECK(resolved("=", {decimal(5, 2), make(Kind::Float64)}).function == nullptr);
  CHECK(resolved("nothing", {i32}).function == nullptr);
  CHECK(to_string(resolved("is distinct from", {i32.or_missing(), i32}).result) == "bool");
}

TEST_CASE("resolution: decimals come aligned where they must be") {
  const std::vector<Type> types = {decimal(10, 2), decimal(6, 4)};
  const Resolution sum = resolve("+", types);
  CHECK(to_string(sum.parameter_types[0]) == "decimal(12, 4)");
  CHECK(to_string(sum.parameter_types[1]) == "decimal(12, 4)");
  CHECK(to_string(sum.result) == "decimal(13, 4)");
  const Resolution product = resolve("*", types);
  CHECK(to_string(product.parameter_types[0]) == "decimal(10, 2)");
  CHECK(to_string(product.result) == "decimal(16, 6)");
  const std::vector<Type> mixed = {decimal(10, 2), make(Kind::Int32)};
  CHECK(to_string(resolve("<", mixed).parameter_types[1]) == "decimal(12, 2)");
  const std::vector<Type> too_fine = {decimal(38, 30), decimal(38, 30)};
  CHECK(resolve("*", too_fine).function == nullptr);
}

TEST_CASE("resolution: enums meet themselves and text") {
  Type status = make(Kind::Enum);
  status.name = "status";
  status.labels = std::make_shared<std::vector<std::string>>(std::vector<std::string>{"a", "b"});
  Type other = status;
  other.name = "other";
  const std::vector<Type> same = {status, status.or_missing()}, different = {status, other},
                          with_text = {status, text()};
  CHECK(resolve("=", same).parameter_types[0] == status);
  CHECK(resolve("<", same).parameter_types[0].kind == Kind::Text);
  CHECK(resolve("=", with_text).parameter_types[0].kind == Kind::Text);
  const Resolution mixed = resolve("=", different);
  CHECK((mixed.function == nullptr || mixed.parameter_types[0].kind == Kind::Text));
}

TEST_CASE("conversions: implicit ones lose nothing") {
  CHECK(conversion(make(Kind::Int16), make(Kind::Int64), true) != nullptr);
  CHECK(conversion(make(Kind::Int64), make(Kind::Int32), true) == nullptr);
  CHECK(conversion(make(Kind::Int64), make(Kind::Int32), false) != nullptr);
  CHECK(conversion(make(Kind::Int64), make(Kind::Float64), true) == nullptr);
  CHECK(conversion(decimal(5, 2), decimal(10, 4), true) != nullptr);
  CHECK(conversion(decimal(5, 2), decimal(5, 4), true) == nullptr);
  CHECK(conversion(decimal(5, 2), decimal(5, 1), true) == nullptr);
  CHECK(conversion(decimal(5, 2), decimal(5, 1), false) != nullptr);
  CHECK(conversion(make(Kind::Int32), decimal(12, 2), true) != nullptr);
  CHECK(conversion(make(Kind::Int32), decimal(11, 2), true) == nullptr);
  CHECK(conversion(text(), make(Kind::Bool), false) == nullptr);
  CHECK(conversion(text(), make(Kind::Int32), true) == nullptr);
}

}  // namespace
}  // namespace backfill::stdlib
