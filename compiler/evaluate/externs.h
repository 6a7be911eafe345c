// SPDX-License-Identifier: Apache-2.0
// What a row needs of extern functions: the answers without which the evaluator cannot go on.
#pragma once

#include <optional>
#include <set>
#include <string>

#include "compiler/evaluate/evaluate.h"

namespace backfill::evaluate {

struct Needed {
  std::size_t query = 0;  // of RowFunction::queries
  int input = -1;         // that holds the answer
  std::string request;    // canonical JSON
  std::string failure;    // it cannot be asked at all: why; empty: it can
};

// Of a candidate: the next call that its values come to. Inputs that nobody has answered are among the row's
// unreadable ones; `given`: those that somebody has, or has failed to.
std::optional<Needed> needed(const ir::Backfill& backfill, const Row& row, const Moment& moment,
                             const std::set<int>& given);

// The input that an extern query answers.
int answer_input(const ir::Backfill& backfill, std::size_t query);
// It, among the unreadable ones of a row that nobody has answered.
Unreadable without_answer(const ir::Backfill& backfill, int input);

}  // namespace backfill::evaluate
