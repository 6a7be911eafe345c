// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/plan.h"

#include <fmt/format.h>

#include <set>

#include "compiler/lower/sql/statements.h"
#include "compiler/plan/other_rows.h"
#include "compiler/plan/warnings.h"
#include "compiler/plan/words.h"
#include "compiler/plan/written.h"

namespace backfill::plan {

namespace {

const std::string& column_name(const ir::Backfill& backfill, int column) {
  return backfill.table->columns[static_cast<std::size_t>(column)].name;
}

// Inputs that a query gives.
void collect_found(const ir::Expr& expr, const ir::Backfill& backfill, std::set<const ir::Expr*>& seen,
                   std::set<int>& inputs) {
  if (!seen.insert(&expr).second) return;
  if (expr.op == ir::Op::Input && backfill.row.inputs[static_cast<std::size_t>(expr.input)].query >= 0)
    inputs.insert(expr.input);
  for (const ir::Expr* argument : expr.arguments) collect_found(*argument, backfill, seen, inputs);
}

std::vector<std::string> reads(const ir::Backfill& backfill, const ir::Output& output, bool fills) {
  std::set<int> columns = ir::columns_read(backfill, {output.final});
  if (fills) columns.erase(output.column);
  std::vector<std::string> names;
  for (const int column : columns) names.push_back(column_name(backfill, column));
  std::set<const ir::Expr*> seen;
  std::set<int> found;
  collect_found(*output.final, backfill, seen, found);
  for (const int input : found) names.push_back(ir::input_name(backfill, input));
  return names;
}

std::string verified(const lower_sql::Part& part) {
  switch (part.availability) {
    case stdlib::Availability::Unavailable:
      return "by the reference evaluator, row by row: " + part.reason;
    case stdlib::Availability::Assisted:
      return "by SQL, with a function of ours registered on the connection: " + part.reason;
    default:
      return "by SQL";
  }
}

LeftAlone out_of_scope(const ir::Backfill& backfill, const Written& text) {
  std::string when;
  for (const std::string& condition : text.where)
    when += (when.empty() ? "" : " or ") + fmt::format("not (`{}`)", condition);
  if (backfill.row.guard != nullptr) {
    std::vector<std::string> targets;
    for (const ir::Output& output : backfill.row.outputs)
      targets.push_back(column_name(backfill, output.column));
    when += fmt::format("{}{} {} present already", when.empty() ? "" : ", or ", quoted_list(targets),
                        targets.size() == 1 ? "is" : "are all");
  }
  return {.code = ir::kOutOfScope, .name = ir::class_name(backfill, ir::kOutOfScope), .when = when};
}

// As the spec writes the rule's condition; rules that `merge` and `once` make have no text there.
std::string when_of(const ir::Backfill& backfill, const Written& text, std::size_t rule) {
  const std::string& name = backfill.row.rules[rule].name;
  if (name == ir::kDoneBefore && ir::is_once(backfill))
    return "`once`: a correction of an earlier run, not rolled back, has its key";
  if (rule < text.rules.size()) return fmt::format("`{}`", text.rules[rule]);
  return name == ir::kMergedIntoAnother ? "it is not the first row of its group"
                                        : "another row of its group is excluded, under review or uncertain";
}

void add_rules(const ir::Backfill& backfill, const Written& text, std::vector<LeftAlone>& out) {
  const auto add = [&](std::int32_t code, std::string when, std::string because) {
    out.push_back({.code = code,
                   .name = ir::class_name(backfill, code),
                   .when = std::move(when),
                   .because = std::move(because)});
  };
  const auto& rules = backfill.row.rules;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    std::string when = when_of(backfill, text, k);
    if (rules[k].unknown == ir::UnknownAs::True) when += ", or its answer is missing";
    add(static_cast<std::int32_t>(ir::kFirstRule + 2 * k), std::move(when), rules[k].because);
  }
  for (std::size_t k = 0; k < rules.size(); ++k) {
    if (rules[k].unknown != ir::UnknownAs::Uncertain || !rules[k].condition->type.optional) continue;
    add(static_cast<std::int32_t>(ir::kFirstRule + 2 * k + 1),
        fmt::format("nobody can say whether `{}` holds", rules[k].name), "its answer is missing");
  }
}

std::vector<LeftAlone> left_alone(const ir::Backfill& backfill, const Written& text) {
  std::vector<LeftAlone> out;
  if (backfill.row.where != nullptr || backfill.row.guard != nullptr)
    out.push_back(out_of_scope(backfill, text));
  if (backfill.row.where != nullptr && backfill.row.where->type.optional) {
    out.push_back({.code = ir::kUncertainWhere,
                   .name = ir::class_name(backfill, ir::kUncertainWhere),
                   .when = "nobody can say whether `where` holds",
                   .because = "its answer is missing"});
  }
  add_rules(backfill, text, out);
  return out;
}

// Under `only if missing` and `fill` the final value is Case(is missing, value, prior).
bool fills(const ir::Output& output) {
  const ir::Expr& final = *output.final;
  if (final.op != ir::Op::Case || final.arguments.size() != 3) return false;
  const ir::Expr* applies = final.arguments[0];
  if (applies->op == ir::Op::And) applies = applies->arguments[0];
  return applies->op == ir::Op::IsMissing && applies->arguments[0]->op == ir::Op::Input &&
         applies->arguments[0]->input == output.input;
}

std::vector<Derivation> derivations(const source::File& file, const ir::Backfill& backfill,
                                    const lower_sql::Dialect& dialect) {
  const lower_sql::Coverage coverage = lower_sql::coverage(backfill, dialect);
  std::vector<Derivation> out;
  for (std::size_t k = 0; k < backfill.row.outputs.size(); ++k) {
    const ir::Output& output = backfill.row.outputs[k];
    const schema::Column& column = backfill.table->columns[static_cast<std::size_t>(output.column)];
    const bool only_missing = fills(output);
    out.push_back({.column = column.name,
                   .type = stdlib::to_string(column.type),
                   .text = at_margin(file, output.span),
                   .reads = reads(backfill, output, only_missing),
                   .applies = only_missing ? "only where it is missing" : "whatever stands there",
                   .verified = verified(coverage.outputs[k])});
  }
  return out;
}

std::string undone(const ir::Backfill& backfill, const ir::Effect& effect) {
  if (!backfill.capture) return "nothing is kept: it cannot be undone";
  switch (effect.kind) {
    case ir::EffectKind::DeleteRow:
      return "every column of the row is kept, and a rollback puts the row back";
    case ir::EffectKind::Insert:
      return effect.on_conflict == ir::OnConflict::Update
                 ? "a rollback deletes the row, or puts back what it held, where it is still as the run left "
                   "it"
                 : "a rollback deletes the row where it is still as it was inserted";
    case ir::EffectKind::UpdateOthers:
      return "prior values are kept, and a rollback puts them back where nobody has written since";
    case ir::EffectKind::DeleteOthers:
      return "every column of the rows is kept, and a rollback puts them back";
  }
  return "";
}

std::vector<Effect> effects(const source::File& file, const ir::Backfill& backfill,
                            const lower_sql::Dialect& dialect) {
  const lower_sql::Coverage coverage = lower_sql::coverage(backfill, dialect);
  std::vector<Effect> out;
  for (std::size_t k = 0; k < backfill.effects.size(); ++k) {
    const ir::Effect& effect = backfill.effects[k];
    const bool everywhere = effect.guard < 0 && effect.unless < 0;
    out.push_back({.name = ir::effect_name(effect),
                   .text = at_margin(file, effect.span),
                   .applies = effect.each >= 0 ? "for each element"
                              : everywhere     ? "to every candidate"
                                               : "where its condition holds",
                   .undone = undone(backfill, effect),
                   .verified = verified(coverage.effects[k])});
  }
  return out;
}

}  // namespace

Plan make_plan(const source::File& file, const ir::Backfill& backfill, const schema::Catalog& catalog,
               const lower_sql::Dialect& dialect) {
  const Written text = written(file, backfill);
  Plan out{.name = backfill.name, .about = backfill.about, .owner = backfill.owner};
  out.table = backfill.table->qualified_name();
  out.intent = intent_name(backfill.intent);
  out.intent_means = intent_means(backfill.intent);
  for (const int column : backfill.key) out.key.push_back(column_name(backfill, column));
  out.where = text.where;
  out.left_alone = left_alone(backfill, text);
  out.definitions = text.definitions;
  out.other_rows = other_rows(file, backfill, dialect);
  out.derivations = derivations(file, backfill, dialect);
  out.effects = effects(file, backfill, dialect);
  for (const ir::Requirement& one : backfill.requirements) out.requirements.push_back(one.text);
  out.runs_after = backfill.runs_after;
  for (const ir::Stage& stage : backfill.stages)
    out.stages.push_back({stage.name, takes(stage, text.stage_conditions), gates(stage), std::nullopt});
  out.pace = pace(backfill.pace);
  out.verify = verify(backfill);
  out.rollback = rollback(backfill);
  out.visible = backfill.visible;
  out.decision_bearing = backfill.decision_bearing;
  out.tell = backfill.tell;
  out.warnings = warnings(backfill, catalog);
  out.tests = backfill.tests.size();
  out.dialect = dialect.name();
  out.fingerprint = ir::fingerprint(backfill);
  out.schema_fingerprint = schema::fingerprint(*backfill.table);
  return out;
}

}  // namespace backfill::plan
