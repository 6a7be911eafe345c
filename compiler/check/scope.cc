// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "compiler/check/expression.h"
#include "compiler/check/target.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;

namespace {

// Of all rows that are asked, or nothing.
std::optional<bool> always(const std::vector<Assumption>& assumptions, const Expr& condition) {
  if (condition.op == Op::Literal) return !condition.value.missing() && condition.value.boolean();
  const Possible seen = possible(assumptions, {&condition});
  if (!seen.decided || (!seen.ever_true[0] && !seen.falls_through)) return std::nullopt;
  if (!seen.ever_true[0]) return false;
  return seen.falls_through ? std::nullopt : std::optional(true);
}

std::optional<bool> always(const Context& context, const Expr& condition) {
  return always(context.facts.assumptions(), condition);
}

bool always_alone(const Expr& condition) {
  return always(std::vector<Assumption>(), condition).has_value();
}

// A condition that says the same of every row was not meant.
void check_narrows(Context& context, const Expr* condition, const syntax::ScopeEntry& entry) {
  if (condition->type.kind == Kind::Error) return;
  const std::optional<bool> known = always(context, *condition);
  if (!known) return;
  const bool holds = *known;
  const bool alone = condition->op == Op::Literal || always_alone(*condition);
  Diagnostic diagnostic{.code = Code::NeverNarrows, .span = entry.condition->span};
  diagnostic.message = fmt::format("this is true of {} row{}", holds ? "every" : "no",
                                   alone ? "" : " that is left by what stands above it");
  if (entry.kind == syntax::ScopeKind::Where) {
    diagnostic.help = holds ? "leave the `where` out to take every row, or say which rows are wrong"
                            : "say which rows are wrong";
  } else {
    diagnostic.help = fmt::format("leave `{}` out, or say which rows it means", entry.name.text);
  }
  context.report(std::move(diagnostic));
}

const Expr* conjunction(Context& context, const Expr* left, const Expr* right) {
  if (left == nullptr) return right;
  stdlib::Type type = stdlib::make(Kind::Bool);
  type.optional = left->type.optional || right->type.optional;
  return context.make({.op = Op::And, .type = type, .span = right->span, .arguments = {left, right}});
}

// `where c unknown as true`: what a missing answer counts as.
const Expr* decided(Context& context, const Expr* condition, bool unknown, Span span) {
  const stdlib::Type type = stdlib::make(Kind::Bool);
  return context.make({.op = Op::Coalesce,
                       .type = type,
                       .span = span,
                       .arguments = {condition, context.literal(unknown, type, span)}});
}

void check_where(Context& context, const syntax::ScopeEntry& entry) {
  const Expr* condition = check_condition(context, *entry.condition);
  check_narrows(context, condition, entry);
  if (entry.unknown_as && condition->type.optional)
    condition = decided(context, condition, *entry.unknown_as, entry.span);
  // As in `and`: the next one is asked also where the answer of this one is missing.
  context.facts.add_when_not_false(*condition);
  context.out().row.where = conjunction(context, context.out().row.where, condition);
}

bool name_taken(Context& context, const syntax::ScopeEntry& entry) {
  for (const ir::Rule& rule : context.out().row.rules) {
    if (rule.name != entry.name.text) continue;
    Diagnostic diagnostic{.code = Code::DuplicateName, .span = entry.name.span};
    diagnostic.message = fmt::format("`{}` names two rules of the scope", entry.name.text);
    diagnostic.labels.push_back({rule.span, "the first one"});
    diagnostic.help = "rows are counted by these names: choose another one";
    context.report(std::move(diagnostic));
    return true;
  }
  return false;
}

void check_rule(Context& context, const syntax::ScopeEntry& entry) {
  const Expr* condition = check_condition(context, *entry.condition);
  check_narrows(context, condition, entry);
  if (name_taken(context, entry)) return;
  ir::Rule rule{.name = entry.name.text, .condition = condition, .span = entry.span};
  rule.kind = entry.kind == syntax::ScopeKind::Exclude ? ir::RuleKind::Exclude : ir::RuleKind::Review;
  if (entry.unknown_as) rule.unknown = *entry.unknown_as ? ir::UnknownAs::True : ir::UnknownAs::False;
  if (entry.because) rule.because = entry.because->text;
  context.out().row.rules.push_back(std::move(rule));
}

// A later rule is asked of every row of which this exclusion does not hold, also where its answer is missing.
void learn_not_held(Context& context, const ir::Rule& rule) {
  rule.unknown == ir::UnknownAs::True ? context.facts.add_when_false(*rule.condition)
                                      : context.facts.add_when_not_true(*rule.condition);
}

// A candidate has answered every rule: false, or missing where that is taken for false.
void learn_answered(Context& context, const ir::Rule& rule) {
  rule.unknown == ir::UnknownAs::False ? context.facts.add_when_not_true(*rule.condition)
                                       : context.facts.add_when_false(*rule.condition);
}

class ClassCode {
 public:
  explicit ClassCode(Context& context) : context_(context) {}

  void when(const Expr* condition, std::int32_t code) {
    if (condition->type.kind == Kind::Error) return;
    arguments_.push_back(condition);
    arguments_.push_back(literal(code));
  }
  void when_false(const Expr* condition, std::int32_t code) {
    when(negation(context_, condition, condition->span), code);
  }
  void when_missing(const Expr* condition, std::int32_t code) {
    if (!condition->type.optional) return;
    when(context_.make({.op = Op::IsMissing,
                        .type = stdlib::make(Kind::Bool),
                        .span = condition->span,
                        .arguments = {condition}}),
         code);
  }
  void when_holds(const ir::Rule& rule, std::int32_t code) {
    if (rule.unknown != ir::UnknownAs::True || !rule.condition->type.optional)
      return when(rule.condition, code);
    const Expr* yes = context_.literal(true, stdlib::make(Kind::Bool), rule.span);
    when(context_.make({.op = Op::Coalesce,
                        .type = stdlib::make(Kind::Bool),
                        .span = rule.span,
                        .arguments = {rule.condition, yes}}),
         code);
  }
  const Expr* otherwise(std::int32_t code) {
    if (arguments_.empty()) return literal(code);
    arguments_.push_back(literal(code));
    return context_.make({.op = Op::Case,
                          .type = stdlib::make(Kind::Int32),
                          .span = context_.spec().name.span,
                          .arguments = std::move(arguments_)});
  }

 private:
  const Expr* literal(std::int32_t code) {
    return context_.literal(static_cast<std::int64_t>(code), stdlib::make(Kind::Int32),
                            context_.spec().name.span);
  }

  Context& context_;
  std::vector<const Expr*> arguments_;
};

std::int32_t code_of(std::size_t rule) {
  return static_cast<std::int32_t>(ir::kFirstRule + 2 * rule);
}

void classify_rules(ClassCode& code, const std::vector<ir::Rule>& rules) {
  for (const ir::RuleKind kind : {ir::RuleKind::Exclude, ir::RuleKind::Review}) {
    for (std::size_t k = 0; k < rules.size(); ++k) {
      if (rules[k].kind == kind) code.when_holds(rules[k], code_of(k));
    }
  }
  for (std::size_t k = 0; k < rules.size(); ++k) {
    if (rules[k].unknown == ir::UnknownAs::Uncertain) code.when_missing(rules[k].condition, code_of(k) + 1);
  }
}

// The first derivation that says `once`; null: none.
const syntax::Effect* once(const std::vector<syntax::Effect>& effects) {
  for (const syntax::Effect& effect : effects) {
    if (effect.once) return &effect;
    if (const syntax::Effect* inner = once(effect.effects)) return inner;
  }
  return nullptr;
}

// What an earlier run has changed is left alone: the last exclusion.
void exclude_done(Context& context, const syntax::Effect& effect) {
  ir::RowFunction& row = context.out().row;
  const bool taken =
      std::ranges::any_of(row.rules, [](const ir::Rule& rule) { return rule.name == ir::kDoneBefore; });
  if (taken)
    context.report(
        Code::DuplicateName, effect.span,
        fmt::format("with `once`, `{}` names the rows that an earlier run has changed, and the scope "
                    "has a rule of that name",
                    ir::kDoneBefore),
        "rows are counted by these names: call that rule something else");
  const stdlib::Type type = stdlib::make(Kind::Bool);
  ir::Query query{.kind = ir::QueryKind::Done,
                  .name = "done before",
                  .table = &context.table(),
                  .values = {{-1, nullptr, type}},
                  .span = effect.span};
  row.queries.push_back(std::move(query));
  row.inputs.push_back({-1, type, static_cast<int>(row.queries.size()) - 1, 0});
  ir::Rule rule{.kind = ir::RuleKind::Exclude,
                .name = std::string(ir::kDoneBefore),
                .because = "an earlier run of this backfill has changed it",
                .span = effect.span};
  rule.condition = context.make({.op = ir::Op::Input,
                                 .type = type,
                                 .span = effect.span,
                                 .input = static_cast<int>(row.inputs.size()) - 1});
  row.rules.push_back(std::move(rule));
}

// Exclusions are asked before reviews, wherever they stand: only what an earlier exclusion proved holds in a
// rule.
void check_entries(Context& context) {
  if (!context.spec().scope) return;
  const auto& entries = context.spec().scope->entries;
  for (const syntax::ScopeEntry& entry : entries) {
    if (entry.kind == syntax::ScopeKind::Where) check_where(context, entry);
  }
  if (context.out().row.where != nullptr) context.facts.add_when_true(*context.out().row.where);
  for (const syntax::ScopeEntry& entry : entries) {
    if (entry.kind == syntax::ScopeKind::Where) continue;
    const std::size_t before = context.out().row.rules.size();
    check_rule(context, entry);
    const auto& rules = context.out().row.rules;
    if (rules.size() > before && rules.back().kind == ir::RuleKind::Exclude)
      learn_not_held(context, rules.back());
  }
  for (const ir::Rule& rule : context.out().row.rules) learn_answered(context, rule);
}

}  // namespace

void check_scope(Context& context) {
  check_entries(context);
  if (const syntax::Effect* effect = once(context.spec().effects)) exclude_done(context, *effect);
}

void build_class_code(Context& context) {
  ir::RowFunction& row = context.out().row;
  ClassCode code(context);
  if (row.guard != nullptr) code.when_false(row.guard, ir::kOutOfScope);
  if (row.where != nullptr) {
    code.when_false(row.where, ir::kOutOfScope);
    code.when_missing(row.where, ir::kUncertainWhere);
  }
  classify_rules(code, row.rules);
  row.class_code = code.otherwise(ir::kCandidate);
}

}  // namespace backfill::check
