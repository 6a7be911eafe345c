// SPDX-License-Identifier: Apache-2.0
#include "compiler/evaluate/externs.h"

#include <algorithm>

#include "stdlib/bug.h"

namespace backfill::evaluate {

namespace {

// The query whose answer a walk has stopped at; nothing: it has not, or at none that can still be asked.
std::optional<std::size_t> stopped_at(const ir::Backfill& backfill, const std::optional<RowFailure>& failure,
                                      const std::set<int>& given) {
  if (!failure || failure->input < 0 || given.contains(failure->input)) return std::nullopt;
  const int query = backfill.row.inputs[static_cast<std::size_t>(failure->input)].query;
  if (query < 0 || backfill.row.queries[static_cast<std::size_t>(query)].kind != ir::QueryKind::Extern)
    return std::nullopt;
  return static_cast<std::size_t>(query);
}

}  // namespace

std::optional<Needed> needed(const ir::Backfill& backfill, const Row& row, const Moment& moment,
                             const std::set<int>& given) {
  const Decision decision = decide(backfill, row, moment);
  if (decision.class_code != ir::kCandidate) return std::nullopt;
  auto query = stopped_at(backfill, decision.failure, given);
  if (!query) return std::nullopt;
  while (true) {
    Outcome asked = evaluate(*backfill.row.queries[*query].asked, row, moment);
    // What it is asked with may need an answer itself.
    if (const auto other = stopped_at(backfill, asked.failure, given)) {
      query = other;
      continue;
    }
    Needed needed{.query = *query, .input = answer_input(backfill, *query)};
    (asked.failure ? needed.failure : needed.request) =
        asked.failure ? asked.failure->message : asked.value.text();
    return needed;
  }
}

int answer_input(const ir::Backfill& backfill, std::size_t query) {
  const auto& inputs = backfill.row.inputs;
  const auto found = std::ranges::find(inputs, static_cast<int>(query), &ir::Input::query);
  BACKFILL_CHECK(found != inputs.end(), "an extern query without an input");
  return static_cast<int>(found - inputs.begin());
}

Unreadable without_answer(const ir::Backfill& backfill, int input) {
  return {input, stdlib::RowError::Unreadable, ir::why_absent(backfill, input)};
}

}  // namespace backfill::evaluate
