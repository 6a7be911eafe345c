// SPDX-License-Identifier: Apache-2.0
// Which conditions some row can meet. A condition is taken apart into what it asks of single values (`x =
// 'a'`, `x < 3`, `x is missing`); each value is then one of finitely many: a literal that it is compared
// with, between two of them, or missing. All combinations are looked at. Values are taken as independent of
// each other, so that "never" is certain and "possible" is not.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::check {

// What is known of a condition where something else is asked.
enum class Known : std::uint8_t { True, False, NotTrue, NotFalse };
struct Assumption {
  const ir::Expr* condition = nullptr;
  Known known = Known::True;
};

struct Possible {
  bool decided = false;              // false: too many combinations, nothing below means anything
  std::vector<bool> ever_true;       // per condition
  std::vector<bool> ever_taken;      // is it the first that is true, of some row?
  std::vector<std::vector<int>> by;  // per condition: the earlier ones that take rows that it would
  bool falls_through = false;        // is some row taken by none?
  // The values that fall through, where all conditions ask one value: "`false`, missing"
  std::vector<std::string> left;
};

// Of conditions that are asked in order, the first true one takes the row (`case`). Time: combinations times
// conditions, at most a few million steps.
Possible possible(const std::vector<Assumption>& assumptions, const std::vector<const ir::Expr*>& conditions);

// Is there a row of which all assumptions hold? True where that is not known.
bool is_possible(const std::vector<Assumption>& assumptions);

}  // namespace backfill::check
