// SPDX-License-Identifier: Apache-2.0
#include "runtime/harness/expectation.h"

#include <fmt/format.h>

#include <algorithm>

#include "compiler/evaluate/elements.h"

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

std::vector<Difference> outcome_differences(const ir::Backfill& backfill,
                                            const ir::TestExpectation& expectation,
                                            const Decision& decision) {
  const auto named = [&](std::int64_t outcome) {
    return outcome < 0 ? std::string("no outcome")
                       : "outcome " + backfill.outcomes[static_cast<std::size_t>(outcome)];
  };
  if (decision.class_code != ir::kCandidate || decision.failure)
    return {{"the row", named(expectation.outcome), became(backfill, decision), expectation.span}};
  const std::int64_t actual = decision.values[static_cast<std::size_t>(backfill.outcome)].integer();
  if (actual == expectation.outcome) return {};
  return {{"the row", named(expectation.outcome), named(actual), expectation.span}};
}

// Of the columns that the test names.
bool is_row(const ir::Effect& effect, const std::vector<std::pair<int, stdlib::Value>>& expected,
            const std::vector<stdlib::Value>& inserted) {
  return std::ranges::all_of(expected, [&](const auto& one) {
    const auto given = std::ranges::find(effect.columns, one.first, &ir::EffectColumn::column);
    return given != effect.columns.end() &&
           inserted[static_cast<std::size_t>(given - effect.columns.begin())] == one.second;
  });
}

std::string row_text(const schema::Table& table, const std::vector<std::pair<int, stdlib::Value>>& values) {
  std::string text;
  for (const auto& [column, value] : values) {
    const schema::Column& of = table.columns[static_cast<std::size_t>(column)];
    text += fmt::format("{}{}: {}", text.empty() ? "" : ", ", of.name, stdlib::literal(value, of.type));
  }
  return "{ " + text + " }";
}

// As many rows as are expected, each like one of them.
std::vector<Difference> inserted_differences(const ir::Backfill& backfill,
                                             const ir::TestExpectation& expectation,
                                             const Decision& decision) {
  auto open = expectation.rows;
  std::vector<Difference> out;
  const std::string where = fmt::format("`{}`", expectation.table->qualified_name());
  for (const ir::Effect& effect : backfill.effects) {
    if (effect.kind != ir::EffectKind::Insert || effect.table != expectation.table ||
        !evaluate::applies(effect, decision))
      continue;
    for (const auto& inserted : evaluate::inserted_rows(backfill, effect, decision.values)) {
      const auto found =
          std::ranges::find_if(open, [&](const auto& row) { return is_row(effect, row, inserted); });
      if (found != open.end()) {
        open.erase(found);
        continue;
      }
      std::vector<std::pair<int, stdlib::Value>> actual;
      for (std::size_t i = 0; i < inserted.size(); ++i)
        actual.emplace_back(effect.columns[i].column, inserted[i]);
      out.push_back({where, "no such row", row_text(*effect.table, actual), expectation.span});
    }
  }
  for (const auto& row : open)
    out.push_back({where, row_text(*expectation.table, row), "no such row", expectation.span});
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
      return outcome_differences(backfill, expectation, decision);
    case Expected::Inserted:
      return inserted_differences(backfill, expectation, decision);
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
