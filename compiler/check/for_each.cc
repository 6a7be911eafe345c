// SPDX-License-Identifier: Apache-2.0
// `for x in list insert into t { ... }`: a row for each element. Each column's values are a list, computed by
// the row function, or one value for all of them.
#include <unordered_map>
#include <unordered_set>

#include "compiler/check/expression.h"
#include "compiler/check/insert.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;

namespace {

bool reaches(const Expr& expr, const Expr* wanted, std::unordered_set<const Expr*>& seen) {
  if (&expr == wanted) return true;
  if (!seen.insert(&expr).second) return false;
  for (const Expr* argument : expr.arguments)
    if (reaches(*argument, wanted, seen)) return true;
  return false;
}

// The same of another element: what one loop computes is not looked for in another one.
class Rebound {
 public:
  Rebound(Context& context, const Expr* from, const Expr* to) : context_(context), known_{{from, to}} {}

  const Expr* operator()(const Expr* expr) {
    if (const auto known = known_.find(expr); known != known_.end()) return known->second;
    Expr copy = *expr;
    bool same = true;
    for (const Expr*& argument : copy.arguments) {
      const Expr* before = argument;
      argument = (*this)(before);
      same = same && argument == before;
    }
    return known_[expr] = same ? expr : context_.make(std::move(copy));
  }

 private:
  Context& context_;
  std::unordered_map<const Expr*, const Expr*> known_;
};

}  // namespace

bool Insert::begin_elements() {
  walk_ = begin_walk(context_, *for_->value, *for_->name);
  if (!walk_) return false;
  if (context_.names.contains(for_->name->text) || context_.made.contains(for_->name->text)) {
    context_.report(Code::DuplicateName, for_->name->span, "`" + for_->name->text + "` is a name already",
                    "choose another one");
    return false;
  }
  variable_.emplace(context_, for_->name->text, walk_->value);
  return true;
}

bool Insert::reads_element(const Expr& expr) const {
  std::unordered_set<const Expr*> seen;
  return walk_ && reaches(expr, walk_->element, seen);
}

void Insert::narrow_elements(const Expr* condition) {
  stays_ = both(context_, stays_, condition);
}

const Expr* Insert::listed(const Held& held, Span span) {
  Walk walk = *walk_;
  walk.element = context_.make(Expr(*walk_->element));
  Rebound rebound(context_, walk_->element, walk.element);
  const Expr* all = context_.literal(true, stdlib::make(Kind::Bool), span);
  const Expr* list = end_walk(context_, walk, rebound(held.json), stays_ == nullptr ? all : rebound(stays_),
                              held.type, span);
  return where_it_applies(list, list->type.or_missing(), span);
}

const Expr* Insert::has_elements(const Expr* guard) {
  const Expr* yes = context_.literal(true, stdlib::make(Kind::Bool), for_->span);
  const Expr* each = listed({to_json(context_, yes, for_->span), stdlib::make(Kind::Bool)}, for_->span);
  if (each->type.kind == Kind::Error) return guard;
  out_.each = add_value(context_, each);
  const Expr* none = context_.literal(std::int64_t{0}, stdlib::make(Kind::Int32), for_->span);
  const Expr* some = apply(context_, ">", {apply(context_, "length", {each}, for_->span), none}, for_->span);
  return both(context_, guard, never_missing(context_, some));
}

std::optional<ir::EffectColumn> Insert::for_each(int index, const Expr* value, Span span) {
  const std::optional<Held> held = held_in_a_list(context_, value, span);
  if (!held) return std::nullopt;
  const Expr* list = listed(*held, span);
  if (list->type.kind == Kind::Error) return std::nullopt;
  return ir::EffectColumn{.column = index, .value = add_value(context_, list), .of_element = true};
}

}  // namespace backfill::check
