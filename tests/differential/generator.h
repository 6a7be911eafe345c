// SPDX-License-Identifier: Apache-2.0
// Random typed expressions as a person would write them, and a table of random rows; the same for the same
// seed.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/type.h"

namespace backfill::test {

class Generator {
 public:
  explicit Generator(std::uint32_t seed) : random_(seed) {}

  // The table `t`, one column `out_<kind>` per type that an expression may derive, filled with so many rows.
  std::string table(int rows);
  struct Derivation {
    std::string target;
    std::string expression;
  };
  Derivation derivation();

 private:
  using Kind = stdlib::Kind;
  std::string expression(Kind kind, int depth);
  std::string leaf(Kind kind);
  std::string literal(Kind kind);
  std::string value(Kind kind);  // as SQLite writes it
  std::string logic(int depth);
  std::string choice(Kind kind, int depth);
  std::string function(Kind kind, int depth);
  std::string conversion(Kind kind, int depth);
  std::string count(int depth);
  std::string text();
  std::string date();
  Kind any_kind();

  template <typename List>
  const auto& one_of(const List& list) {
    return list[pick(std::size(list))];
  }
  std::size_t pick(std::size_t count) { return random_() % count; }
  bool chance(unsigned percent) { return random_() % 100 < percent; }

  std::mt19937 random_;
};

}  // namespace backfill::test
