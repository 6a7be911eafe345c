// SPDX-License-Identifier: Apache-2.0
// Random typed expressions drawn from the function table, and random rows of every type; the same for the
// same seed. A function that is added is drawn from then on.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "tests/compiler/lower_llvm/spec.h"
#include "tests/differential/typed_table.h"

namespace backfill::test {

class Expressions {
 public:
  explicit Expressions(std::uint32_t seed);

  [[nodiscard]] TypedTable table(std::string name, std::size_t rows);
  // Each call begins with the next row of the function table; every tenth with logic or a choice.
  const ir::Expr* next();

 private:
  using Expr = ir::Expr;
  using Type = stdlib::Type;

  const Expr* expression(const Type& type, int depth);  // of this type, or of it `or_missing`
  const Expr* leaf(const Type& type);
  const Expr* function(const Type& type, int depth);
  const Expr* call(const stdlib::Function& row, int depth);  // null: it cannot be made
  const Expr* conversion(const stdlib::Function& row, int depth);
  const Expr* argument(const stdlib::Function& row, std::size_t parameter, int depth);
  const Expr* lazy(const Type& type, int depth);
  const Expr* logic(int depth);
  const Expr* number(const Type& type);  // a small one: lengths and places
  const Expr* of_example(const stdlib::Function& row);

  stdlib::Value value(const Type& type);
  std::string text();
  std::string letters(std::size_t most);
  std::string document(int depth);
  std::string list(const Type& element);
  std::int64_t integer(std::int64_t low, std::int64_t high);
  [[nodiscard]] std::vector<Type> fitting(const Type& wanted) const;
  std::size_t pick(std::size_t count) { return random_() % count; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }
  template <typename List>
  const auto& one_of(const List& list) {
    return list[pick(std::size(list))];
  }

  std::mt19937 random_;
  Spec spec_;
  std::vector<Type> types_;
  std::vector<std::size_t> order_;  // of the function table, shuffled
  std::size_t turn_ = 0;
};

}  // namespace backfill::test
