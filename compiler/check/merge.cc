// SPDX-License-Identifier: Apache-2.0
// `merge partition by ... keep first order by ... { column = rule }`. The groups are decided once for a run;
// the first row of each carries it: what its columns become, whose rows point to it then (repoint.cc), which
// rows are deleted. The others of the group are no candidates.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/effects.h"
#include "compiler/check/query.h"
#include "compiler/check/types.h"
#include "stdlib/function.h"

namespace backfill::check {

using ir::Expr;
using ir::GroupValue;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;
using syntax::Effect;
using syntax::EffectKind;

namespace {

// They stand first in the group's values.
constexpr auto kPlace = static_cast<std::size_t>(GroupValue::Place),
               kSize = static_cast<std::size_t>(GroupValue::Size),
               kBarred = static_cast<std::size_t>(GroupValue::Barred);
constexpr const char* kPolicies = "first, first present, sum, min, max, any, all";

class Merge {
 public:
  Merge(Context& context, const Effect& effect)
      : context_(context), effect_(effect), row_(context.out().row), span_(effect.span) {}

  void check();

 private:
  bool check_group();
  bool add_column(const syntax::MergeRule& rule);
  bool add_values();
  void add_rules();
  void add_outputs();
  const Expr* barred();
  const Expr* value(std::size_t index);
  [[nodiscard]] const schema::Column& column(int index) const {
    return context_.table().columns[static_cast<std::size_t>(index)];
  }
  const Expr* truth(bool value) { return context_.literal(value, stdlib::make(Kind::Bool), span_); }
  const Expr* number(std::int64_t value) { return context_.literal(value, stdlib::make(Kind::Int64), span_); }
  const Expr* otherwise(const Expr* value, const Expr* fallback) {
    return context_.make(
        {.op = Op::Coalesce, .type = fallback->type, .span = span_, .arguments = {value, fallback}});
  }

  struct Rule {
    const syntax::MergeRule* written;
    int column;
    std::size_t value;  // of the query
  };

  Context& context_;
  const Effect& effect_;
  ir::RowFunction& row_;
  Span span_;
  ir::Query query_;
  int index_ = -1;
  std::vector<int> inputs_;  // per value of the query
  std::vector<Rule> rules_;
};

bool reads_columns_alone(const ir::RowFunction& row, const Expr& expr) {
  if (expr.op == Op::Input && (expr.input < 0 || row.inputs[static_cast<std::size_t>(expr.input)].query >= 0))
    return false;
  return std::ranges::all_of(expr.arguments,
                             [&](const Expr* argument) { return reads_columns_alone(row, *argument); });
}

// What stands beside `partition by` and in the order.
bool Merge::check_group() {
  query_ = {.kind = ir::QueryKind::Group,
            .name = "merge",
            .table = &context_.table(),
            .where = row_.where,
            .frozen = true,
            .span = span_};
  bool fits = true;
  for (const syntax::ExprPtr& partition : effect_.partition) {
    query_.partition.push_back(check_expression(context_, *partition));
    fits = fits && query_.partition.back()->type.kind != Kind::Error;
  }
  if (!check_order(context_, effect_.order, query_) || !fits) return false;
  std::vector<const Expr*> parts = query_.partition;
  for (const ir::QueryOrder& order : query_.order) parts.push_back(order.value);
  for (const Expr* part : parts) {
    if (reads_columns_alone(row_, *part)) continue;
    context_.not_supported_yet(part->span, "what is looked up, in the groups of a merge");
    return false;
  }
  return proves_no_tie(context_, query_, span_);
}

// A member that is no candidate keeps its group from being merged.
const Expr* Merge::barred() {
  const Expr* any = nullptr;
  const auto add = [&](const Expr* condition) {
    any = any == nullptr ? condition
                         : context_.make({.op = Op::Or,
                                          .type = stdlib::make(Kind::Bool),
                                          .span = span_,
                                          .arguments = {any, condition}});
  };
  if (row_.where != nullptr && row_.where->type.optional)
    add(context_.make(
        {.op = Op::IsMissing, .type = stdlib::make(Kind::Bool), .span = span_, .arguments = {row_.where}}));
  for (const ir::Rule& rule : row_.rules) {
    const bool optional = rule.condition->type.optional;
    add(optional ? otherwise(rule.condition, truth(rule.unknown != ir::UnknownAs::False)) : rule.condition);
  }
  return any == nullptr ? truth(false) : any;
}

// The rule of one column: what the group's values of it become.
bool Merge::add_column(const syntax::MergeRule& rule) {
  const int index = context_.table().find(rule.column.text);
  if (index < 0) {
    report_unknown_column(context_, Code::UnknownColumn, rule.column);
    return false;
  }
  const auto refuse = [&](std::string message, std::string help) {
    context_.report(Code::MergeRule, rule.policy_span, std::move(message), std::move(help));
    return false;
  };
  if (std::ranges::find(rules_, index, &Rule::column) != rules_.end())
    return refuse(fmt::format("`{}` has two rules", rule.column.text), "leave one of them out");
  const schema::Column& target = column(index);
  const Kind kind = target.type.kind;
  const Expr* own = context_.input(index, rule.column.span);
  ir::QueryValue value{-1, own, target.type.or_missing()};
  const bool is_number = stdlib::is_integer(kind) || kind == Kind::Decimal || stdlib::is_float(kind);
  if (rule.policy == "first") return true;
  if (std::ranges::find(context_.out().key, index) != context_.out().key.end() || target.generated)
    return refuse(fmt::format("`{}` is not written: it is {}", target.name,
                              target.generated ? "computed by the database" : "part of the key"),
                  "leave it out");
  if (rule.policy == "first present") {
    value.group = GroupValue::FirstPresent;
    value.column = index;
  } else if (rule.policy == "sum" && is_number && kind != Kind::Float32) {
    value.group = GroupValue::Sum;
    value.type = type_of_sum(target.type)->or_missing();
  } else if ((rule.policy == "min" || rule.policy == "max") &&
             (is_number || kind == Kind::Text || kind == Kind::Date || kind == Kind::Timestamp ||
              kind == Kind::LocalTimestamp || kind == Kind::Time)) {
    value.group = rule.policy == "min" ? GroupValue::Min : GroupValue::Max;
  } else if ((rule.policy == "any" || rule.policy == "all") && kind == Kind::Bool) {
    value.group = rule.policy == "all" ? GroupValue::Min : GroupValue::Max;
  } else {
    return refuse(fmt::format("`{}` is no rule for {}, which is a {}", rule.policy, target.name,
                              to_string(target.type.required())),
                  fmt::format("the rules are {}", kPolicies));
  }
  rules_.push_back({&rule, index, query_.values.size()});
  query_.values.push_back(value);
  return true;
}

bool Merge::add_values() {
  const Type count = stdlib::make(Kind::Int64).or_missing();
  query_.values.push_back({-1, nullptr, count, GroupValue::Place});
  query_.values.push_back({-1, nullptr, count, GroupValue::Size});
  query_.values.push_back({-1, barred(), stdlib::make(Kind::Bool).or_missing(), GroupValue::Barred});
  for (const int key : context_.out().key)
    query_.values.push_back(
        {key, context_.input(key, span_), column(key).type.or_missing(), GroupValue::Survivor});
  bool fits = true;
  for (const syntax::MergeRule& rule : effect_.merge_rules) fits = add_column(rule) && fits;
  const std::set<int> decides = [&] {
    std::vector<const Expr*> parts = query_.partition;
    for (const ir::QueryOrder& order : query_.order) parts.push_back(order.value);
    return ir::columns_read(context_.out(), parts);
  }();
  for (const Rule& rule : rules_) {
    if (!decides.contains(rule.column)) continue;
    context_.report(
        Code::NotRepeatable, rule.written->span,
        fmt::format("`{}` decides on the groups, and this writes it: a second run may merge again",
                    column(rule.column).name),
        "keep what the first row has: `first`; derive it in a backfill of its own");
    fits = false;
  }
  return fits && is_computable(context_, query_);
}

const Expr* Merge::value(std::size_t index) {
  return context_.make({.op = Op::Input,
                        .type = row_.inputs[static_cast<std::size_t>(inputs_[index])].type,
                        .span = span_,
                        .input = inputs_[index]});
}

// Who stands alone is not in the scope, who is merged away is no candidate, a group that a member keeps from
// being merged is left for a person.
void Merge::add_rules() {
  const Expr* size = otherwise(value(kSize), number(1));
  row_.where = both(context_, row_.where, apply(context_, ">", {size, number(1)}, span_));
  const Expr* place = otherwise(value(kPlace), number(1));
  const Expr* is_barred = otherwise(value(kBarred), truth(false));
  const Expr* follows = apply(context_, ">", {place, number(1)}, span_);
  const Expr* goes = both(context_, negation(context_, is_barred, span_), follows);
  row_.rules.push_back({.kind = ir::RuleKind::Exclude,
                        .name = std::string(ir::kMergedIntoAnother),
                        .condition = goes,
                        .because = "the first row of its group takes it in",
                        .span = span_});
  row_.rules.push_back({.kind = ir::RuleKind::Review,
                        .name = std::string(ir::kGroupLeftAlone),
                        .condition = is_barred,
                        .because = "a row of its group is no candidate",
                        .span = span_});
}

void Merge::add_outputs() {
  for (const Rule& rule : rules_) {
    const schema::Column& target = column(rule.column);
    const Span span = rule.written->span;
    const Expr* prior = context_.input(rule.column, span);
    const Expr* final = value(rule.value);
    if (stdlib::is_integer(target.type.kind) && final->type.kind != target.type.kind) {
      const Type narrow = target.type.or_missing();
      const stdlib::Function* fits = stdlib::conversion(final->type, narrow.required(), false);
      final = call(context_, Op::Call, *fits, {final}, narrow, span);
    } else {
      final = assign(context_, final, target, span);
    }
    if (final->type.kind == Kind::Error) continue;
    if (target.not_null) final = otherwise(final, prior);
    row_.outputs.push_back({rule.column, prior->input, final, span});
  }
}

void Merge::check() {
  if (!check_group() || !add_values()) return;
  for (const std::string_view name : {ir::kMergedIntoAnother, ir::kGroupLeftAlone})
    if (std::ranges::find(row_.rules, name, &ir::Rule::name) != row_.rules.end())
      context_.report(Code::DuplicateName, span_, fmt::format("`{}` is what a merge counts rows by", name),
                      "choose another name for the rule");
  index_ = static_cast<int>(row_.queries.size());
  for (std::size_t k = 0; k < query_.values.size(); ++k) {
    inputs_.push_back(static_cast<int>(row_.inputs.size()));
    row_.inputs.push_back({-1, query_.values[k].type, index_, static_cast<int>(k)});
  }
  row_.queries.push_back(query_);
  add_rules();
  add_outputs();
  check_repoints(context_, index_, span_);
  context_.out().effects.push_back({.kind = ir::EffectKind::DeleteOthers,
                                    .table = &context_.table(),
                                    .key = context_.out().key,
                                    .merges = index_,
                                    .span = span_});
}

}  // namespace

void check_merge(Context& context) {
  const Effect* merge = nullptr;
  const Effect* repoint = nullptr;
  const Effect* other = nullptr;
  for (const Effect& effect : context.spec().effects) {
    if (effect.kind == EffectKind::Repoint) repoint = &effect;
    if (effect.kind == EffectKind::Merge && merge != nullptr)
      return context.not_supported_yet(effect.span, "two merges in one backfill");
    if (effect.kind == EffectKind::Merge) merge = &effect;
    if (effect.kind != EffectKind::Repoint && effect.kind != EffectKind::Merge) other = &effect;
  }
  if (merge == nullptr && repoint != nullptr) {
    context.report(Code::RepointUnclear, repoint->span,
                   "`repoint` stands behind a `merge`: nothing else moves rows",
                   "to write rows of another table say `update ... in`");
    return;
  }
  if (merge == nullptr) return;
  if (other != nullptr) return context.not_supported_yet(other->span, "another effect beside `merge`");
  Merge(context, *merge).check();
}

}  // namespace backfill::check
