// SPDX-License-Identifier: Apache-2.0
#include "runtime/harness/expectation.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::harness {

namespace {

using evaluate::Decision;
using Expected = ir::TestExpectation::Kind;

bool is_uncertain(std::int32_t code) {
  return code == ir::kUncertainWhere || (code > ir::kFirstRule && (code - ir::kFirstRule) % 2 == 1);
}

bool is_deleted(const ir::Backfill& backfill, const Decision& decision) {
  const ir::Effect* deletes = ir::deletes_row(backfill);
  return deletes != nullptr && evaluate::applies(*deletes, decision);
}

std::string became(const ir::Backfill& backfill, const Decision& decision) {
  const std::string name = ir::class_name(backfill, decision.class_code);
  if (decision.class_code != ir::kCandidate) return name;
  if (decision.failure) return "quarantined: " + decision.failure->message;
  if (is_deleted(backfill, decision)) return "deleted";
  return decision.changed ? "a candidate that is changed" : "a candidate that is unchanged";
}

// What the column holds after the run.
stdlib::Value stored(const ir::Backfill& backfill, const ir::Test& test, const Decision& decision,
                     int column) {
  const auto& outputs = backfill.row.outputs;
  for (std::size_t k = 0; k < outputs.size() && k < decision.outputs.size(); ++k) {
    if (outputs[k].column == column) return decision.outputs[k];
  }
  const auto& inputs = backfill.row.inputs;
  for (std::size_t k = 0; k < inputs.size(); ++k) {
    if (inputs[k].column == column) return test.inputs[k];
  }
  return {};
}

std::vector<Difference> value_differences(const ir::Backfill& backfill, const ir::Test& test,
                                          const ir::TestExpectation& expectation, const Decision& decision) {
  if (decision.class_code != ir::kCandidate || decision.failure || is_deleted(backfill, decision))
    return {{"the row", "a candidate with these values", became(backfill, decision), expectation.span}};
  std::vector<Difference> out;
  for (const auto& [column, expected] : expectation.values) {
    const schema::Column& of = backfill.table->columns[static_cast<std::size_t>(column)];
    const stdlib::Value actual = stored(backfill, test, decision, column);
    if (actual == expected) continue;
    out.push_back({fmt::format("`{}`", of.name), stdlib::literal(expected, of.type),
                   stdlib::literal(actual, of.type), expectation.span});
  }
  return out;
}

// The condition of a class, and which answer of it.
struct Cause {
  std::string text;
  source::Span span;
};

Cause out_of_scope(const ir::Backfill& backfill, const evaluate::Row& row, const evaluate::Moment& moment) {
  if (backfill.row.guard != nullptr) {
    const evaluate::Outcome guard = evaluate::evaluate(*backfill.row.guard, row, moment);
    if (!guard.failure && !guard.value.boolean())
      return {"every derived column is present already (`intent fill`)", {}};
  }
  if (backfill.row.where == nullptr) return {};
  return {"its `where` does not hold", backfill.row.where->span};
}

}  // namespace

std::vector<Difference> differences(const ir::Backfill& backfill, const ir::Test& test,
                                    const ir::TestExpectation& expectation, const Decision& decision) {
  const auto unless = [&](bool holds, const std::string& expected) -> std::vector<Difference> {
    if (holds) return {};
    return {{"the row", expected, became(backfill, decision), expectation.span}};
  };
  const bool candidate = decision.class_code == ir::kCandidate;
  switch (expectation.kind) {
    case Expected::Values:
      return value_differences(backfill, test, expectation, decision);
    case Expected::Class:
      return unless(decision.class_code == expectation.class_code,
                    ir::class_name(backfill, expectation.class_code));
    case Expected::Uncertain:
      return unless(is_uncertain(decision.class_code), "uncertain");
    case Expected::Unchanged:
      return unless(candidate && !decision.changed && !decision.failure, "a candidate that is unchanged");
    case Expected::Quarantined:
      return unless(candidate && decision.failure.has_value(), "quarantined");
    case Expected::Deleted:
      return unless(is_deleted(backfill, decision), "deleted");
    case Expected::Outcome:
    case Expected::Inserted:
      break;
  }
  return {};
}

void explain_class(const ir::Backfill& backfill, const evaluate::Row& row, const evaluate::Moment& moment,
                   const Decision& decision, TestResult& result) {
  result.class_name = ir::class_name(backfill, decision.class_code);
  const std::string because =
      decision.failure ? decision.failure->message : std::string("the answer of its condition is missing");
  Cause cause;
  if (decision.class_code == ir::kOutOfScope) {
    cause = out_of_scope(backfill, row, moment);
  } else if (decision.class_code == ir::kUncertainWhere && backfill.row.where != nullptr) {
    cause = {"`where`: " + because, backfill.row.where->span};
  } else if (decision.class_code >= ir::kFirstRule) {
    const ir::Rule& rule =
        backfill.row.rules[static_cast<std::size_t>(decision.class_code - ir::kFirstRule) / 2];
    cause = {is_uncertain(decision.class_code) ? fmt::format("`{}`: {}", rule.name, because)
                                               : fmt::format("`{}` holds", rule.name),
             rule.span};
  }
  result.decided_by = cause.text;
  result.decided_span = cause.span;
  if (decision.class_code == ir::kCandidate && decision.failure) result.row_error = decision.failure->message;
}

}  // namespace backfill::harness
