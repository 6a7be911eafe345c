// SPDX-License-Identifier: Apache-2.0
// Random row functions over columns of every type, and random rows; the same for the same seed.
#pragma once

#include <random>

#include "tests/compiler/lower_llvm/spec.h"

namespace backfill::test {

class RandomSpec {
 public:
  explicit RandomSpec(std::uint32_t seed);

  Spec spec;
  Rows rows(std::size_t count);

 private:
  using Expr = ir::Expr;
  const Expr* expression(const stdlib::Type& type, int depth);  // of this type, or of it `or_missing`
  const Expr* leaf(const stdlib::Type& type);
  const Expr* condition(int depth);
  const Expr* function(const stdlib::Type& type, int depth);
  const Expr* lazy(const stdlib::Type& type, int depth);
  const Expr* logic(int depth);
  stdlib::Value value(const stdlib::Type& type);
  std::string random_text();
  std::size_t pick(std::size_t count) { return random_() % count; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  std::mt19937 random_;
  std::vector<stdlib::Type> types_;
  std::vector<const Expr*> made_;  // shared nodes are taken from here
};

}  // namespace backfill::test
