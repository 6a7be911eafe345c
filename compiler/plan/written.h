// SPDX-License-Identifier: Apache-2.0
// Pieces of the spec as its author wrote them.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace backfill::plan {

struct Written {
  std::vector<std::string> where;
  std::vector<std::string> rules;  // conditions, in the order of RowFunction::rules
  std::vector<std::string> stage_conditions;
  std::vector<Definition> definitions;
};

// Parses the file once more: the typed program no longer knows how it was written.
Written written(const source::File& file, const ir::Backfill& backfill);
// The text of a span, moved to the left margin by the indentation of its first line.
std::string at_margin(const source::File& file, source::Span span);

}  // namespace backfill::plan
