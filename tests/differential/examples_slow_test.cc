// SPDX-License-Identifier: Apache-2.0
// Every example of every row of the function table, its literals in columns, five ways: as it is, and with
// each operand missing.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <array>
#include <deque>
#include <iostream>
#include <set>

#include "stdlib/function.h"
#include "tests/differential/five_ways.h"
#include "tests/differential/lift.h"

namespace {

using namespace backfill;
using stdlib::Type;
using stdlib::Value;

constexpr std::size_t kMostColumns = 200;

// Many examples in one wide table: the first row has their literals, row k their operand k missing.
class WideTable {
 public:
  // The expression over the wide table's columns.
  void add(const test::LiftedExpr& lifted) {
    const int first = static_cast<int>(types_.size());
    expressions_.push_back(moved(*lifted.expr, first));
    for (std::size_t k = 0; k < lifted.types.size(); ++k) {
      types_.push_back(lifted.types[k]);
      literals_.push_back(lifted.values[k]);
      places_.push_back(k + 1);
      most_ = std::max(most_, k + 1);
    }
  }
  [[nodiscard]] bool full() const { return types_.size() > kMostColumns; }
  void compare(test::Report& report) {
    if (expressions_.empty()) return;
    std::vector<std::vector<Value>> rows;
    for (std::size_t row = 0; row <= most_ + 1; ++row) {
      auto& values = rows.emplace_back();
      for (std::size_t k = 0; k < types_.size(); ++k)
        values.push_back(row == places_[k] || row == most_ + 1 ? Value() : literals_[k]);
    }
    test::TypedTable table(fmt::format("examples_{}", ++count), types_, rows);
    test::FiveWays(table, test::all_servers(), report).compare(expressions_);
    *this = WideTable();
  }

 private:
  const ir::Expr* moved(const ir::Expr& expr, int by) {
    ir::Expr copy = expr;
    if (copy.op == ir::Op::Input) copy.input += by;
    for (const ir::Expr*& argument : copy.arguments) argument = moved(*argument, by);
    return &arena_->emplace_back(std::move(copy));
  }

  static int count;
  std::shared_ptr<std::deque<ir::Expr>> arena_ = std::make_shared<std::deque<ir::Expr>>();
  std::vector<const ir::Expr*> expressions_;
  std::vector<Type> types_;
  std::vector<Value> literals_;
  std::vector<std::size_t> places_;  // the operand of its example that a column is, from 1
  std::size_t most_ = 0;
};
int WideTable::count = 0;

}  // namespace

TEST_CASE("every example of the function table, five ways") {
  test::Report report;
  WideTable table;
  std::size_t examples = 0, lifted_examples = 0;
  for (const stdlib::Function& function : stdlib::functions())
    for (const stdlib::Example& example : function.examples) {
      std::size_t forms = 0;
      for (const test::Lift how : {test::Lift::All, test::Lift::Wide, test::Lift::AllBut0, test::Lift::Texts,
                                   test::Lift::OnlyFirst}) {
        const auto lifted = test::lift(std::string(example.expression), how);
        if (!lifted || (how == test::Lift::Wide && forms > 0)) continue;
        table.add(*lifted);
        ++forms;
        if (table.full()) table.compare(report);
      }
      ++examples;
      lifted_examples += forms > 0 ? 1 : 0;
    }
  table.compare(report);
  std::cout << test::figures(report)
            << fmt::format("{} examples, {} of them with a literal to lift\n", examples, lifted_examples);
  test::expect_no_difference(report);
  CHECK(lifted_examples > examples * 7 / 10);
}
