// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include "tests/compiler/lower_llvm/spec.h"

namespace backfill::test {

using ir::Op;
using stdlib::Decimal;
using stdlib::Kind;
using stdlib::Value;

TEST_CASE("A rounded product is exact where it needs 128 bits, and fails where it does not fit") {
  Spec spec;
  const ir::Expr* amount = spec.input(stdlib::decimal(18, 2).or_missing());
  const ir::Expr* rate = spec.input(stdlib::decimal(9, 4));
  spec.derive(spec.convert(spec.call("*", {amount, rate}), stdlib::decimal(18, 2)));
  spec.finish();
  Rows rows;
  const std::int64_t most = 999'999'999'999'999'999;
  for (const std::int64_t a :
       {most, -most, most / 10, std::int64_t{125}, std::int64_t{-125}, std::int64_t{0}}) {
    for (const std::int64_t b : {std::int64_t{999'999'999}, std::int64_t{-10'000}, std::int64_t{9'999},
                                 std::int64_t{1'000}, std::int64_t{-5'000}}) {
      rows.push_back({Decimal{a, 2}, Decimal{b, 4}, Value()});
    }
  }
  rows.push_back({Value(), Decimal{1, 4}, Value()});
  check(spec.backfill, rows);
}

TEST_CASE("An error in an arm that is not taken is none, and one that is taken is one") {
  Spec spec;
  const ir::Expr* divisor = spec.input(stdlib::make(Kind::Int64));
  const ir::Expr* zero = spec.call("=", {divisor, spec.integer(0)});
  spec.derive(spec.op(Op::Case, stdlib::make(Kind::Int64),
                      {zero, spec.integer(-1), spec.call("/", {spec.integer(10), divisor})}));
  spec.finish();
  Rows rows;
  for (std::int64_t k = 0; k < 40; ++k) rows.push_back({k % 3, Value()});
  const auto program = compile(spec.backfill);
  CHECK(compare(*program, spec.backfill, rows) == 0);
  spec.backfill.row.outputs[0].final = spec.backfill.row.outputs[0].final->arguments[2];
  spec.backfill.row.changed = spec.literal(stdlib::make(Kind::Bool), true);
  CHECK(compare(*compile(spec.backfill), spec.backfill, rows) > 0);
}

TEST_CASE(
    "Many outputs become several functions; a cached object gives the same answers, a damaged one is not "
    "used") {
  Spec spec;
  const ir::Expr* amount = spec.input(stdlib::make(Kind::Int64).or_missing());
  for (std::int64_t k = 0; k < 60; ++k)
    spec.derive(spec.call("+", {spec.call("*", {amount, spec.integer(k)}), spec.integer(k)}));
  spec.finish();
  Rows rows(100, std::vector<Value>(61));
  for (std::size_t row = 0; row < rows.size(); ++row)
    rows[row][0] = row % 7 == 0 ? Value() : Value(std::int64_t(row * 1000));
  const auto directory = std::filesystem::temp_directory_path() / "backfill_test_object_cache";
  std::filesystem::remove_all(directory);
  const jit::Options options{directory.string(), false};
  CHECK_FALSE(compile(spec.backfill, options)->from_cache());
  const auto cached = compile(spec.backfill, options);
  CHECK(cached->from_cache());
  CHECK(compare(*cached, spec.backfill, rows) == 0);
  for (const auto& file : std::filesystem::directory_iterator(directory)) {
    std::filesystem::resize_file(file.path(), std::filesystem::file_size(file.path()) / 2);
  }
  CHECK_FALSE(compile(spec.backfill, options)->from_cache());
  std::filesystem::remove_all(directory);
}

}  // namespace backfill::test
