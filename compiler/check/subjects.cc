// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/subjects.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "stdlib/bug.h"
#include "stdlib/value_order.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Value;

namespace {

// Kinds whose values are compared here as everywhere else.
bool has_points(Kind kind) {
  switch (kind) {
    case Kind::Bool:
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
    case Kind::Decimal:
    case Kind::Text:
    case Kind::Date:
    case Kind::Timestamp:
    case Kind::LocalTimestamp:
    case Kind::Enum:
      return true;
    default:
      return false;
  }
}

// False too where `budget` runs out: a function that was put in may be large, and shares its parts.
bool is_same(const Expr& left, const Expr& right, int& budget) {
  if (&left == &right) return true;
  if (--budget < 0 || left.op != right.op || left.input != right.input || left.function != right.function)
    return false;
  return left.value == right.value && left.type.required() == right.type.required() &&
         (left.op != Op::Input || left.input >= 0) &&
         std::ranges::equal(left.arguments, right.arguments, [&](const Expr* one, const Expr* other) {
           return is_same(*one, *other, budget);
         });
}

// `x = 'a'` and the like: what is asked, of which value.
struct Comparison {
  const Expr* value;
  const Expr* literal;
  std::string_view name;  // as if the value stood on the left
};

std::string_view mirrored(std::string_view name) {
  if (name == "<") return ">";
  if (name == "<=") return ">=";
  if (name == ">") return "<";
  if (name == ">=") return "<=";
  return name;
}

bool is_value(const Expr& expr) {
  return expr.op == Op::Literal && !expr.value.missing() && has_points(expr.type.kind);
}

std::optional<Comparison> comparison(const Expr& expr) {
  if (expr.op != Op::Call || !expr.function->is_operator || expr.arguments.size() != 2) return std::nullopt;
  const std::string_view name = expr.function->name;
  const bool equality =
      name == "=" || name == "!=" || name == "is distinct from" || name == "is not distinct from";
  const bool order = name == "<" || name == "<=" || name == ">" || name == ">=";
  if (!equality && !order) return std::nullopt;
  const Expr *left = expr.arguments[0], *right = expr.arguments[1];
  if (!has_points(left->type.kind) || (order && left->type.kind == Kind::Enum)) return std::nullopt;
  if (is_value(*right) && left->op != Op::Literal) return Comparison{left, right, name};
  if (is_value(*left) && right->op != Op::Literal) return Comparison{right, left, mirrored(name)};
  return std::nullopt;
}

bool is_member_test(const Expr& expr) {
  return expr.op == Op::In && expr.arguments[0]->op != Op::Literal &&
         std::all_of(expr.arguments.begin() + 1, expr.arguments.end(),
                     [](const Expr* member) { return is_value(*member); });
}

Truth compared(std::string_view name, std::size_t slot, std::size_t at, bool missing) {
  if (name == "is distinct from") return truth(slot != at);
  if (name == "is not distinct from") return truth(slot == at);
  if (missing) return Truth::Missing;
  if (name == "=") return truth(slot == at);
  if (name == "!=") return truth(slot != at);
  if (name == "<") return truth(slot < at);
  if (name == "<=") return truth(slot <= at);
  if (name == ">") return truth(slot > at);
  return truth(slot >= at);
}

bool is_presence_test(const Expr& expr) {
  return expr.op == Op::IsMissing && expr.arguments[0]->type.kind != Kind::Bool;
}

bool is_structure(const Expr& expr) {
  if (is_presence_test(expr)) return true;
  switch (expr.op) {
    case Op::And:
    case Op::Or:
    case Op::Not:
    case Op::IsMissing:
      return true;
    case Op::Coalesce:
      return expr.type.kind == Kind::Bool;
    default:
      return false;
  }
}

std::size_t slot_of(const Subject& of, const Value& value) {
  const auto at = std::lower_bound(of.points.begin(), of.points.end(), value, stdlib::less);
  return 2 * static_cast<std::size_t>(at - of.points.begin()) + 1;
}

}  // namespace

bool Subject::is_closed() const {
  return expr->type.kind == Kind::Bool || (expr->type.kind == Kind::Enum && expr->type.labels != nullptr);
}

bool Subject::can_be(std::size_t slot) const {
  if (slot == missing_slot()) return may_be_missing;
  if (slot % 2 == 1) return true;
  if (is_closed()) return false;
  const std::size_t above = slot / 2;  // the point above the gap
  if (above == 0 || above == points.size()) return true;
  const auto* low = std::get_if<std::int64_t>(&points[above - 1].variant());
  return low == nullptr || *low + 1 != points[above].integer();
}

std::string Subject::words(std::size_t slot) const {
  if (slot == missing_slot()) return "missing";
  if (slot % 2 == 1) return fmt::format("`{}`", stdlib::literal(points[slot / 2], expr->type.required()));
  return "other values";
}

void Subjects::collect(const Expr& expr) {
  if (--nodes_ < 0 || !is_whole()) return;
  if (const auto found = comparison(expr)) return add_point(*found->value, found->literal->value);
  if (is_member_test(expr)) {
    for (std::size_t k = 1; k < expr.arguments.size(); ++k)
      add_point(*expr.arguments[0], expr.arguments[k]->value);
    return;
  }
  if (!is_structure(expr)) {
    if (expr.op != Op::Literal) find_or_add(expr);
    return;
  }
  for (const Expr* argument : expr.arguments) collect(*argument);
}

void Subjects::settle() {
  for (Subject& subject : all) {
    std::sort(subject.points.begin(), subject.points.end(), stdlib::less);
    subject.points.erase(std::unique(subject.points.begin(), subject.points.end()), subject.points.end());
  }
}

bool Subjects::knows_all_of(const Expr& expr) const {
  if (--budget_ < 0) return false;
  if (const auto found = comparison(expr)) return find(*found->value) < all.size();
  if (is_member_test(expr)) return find(*expr.arguments[0]) < all.size();
  if (!is_structure(expr)) return expr.op == Op::Literal || find(expr) < all.size();
  return std::ranges::all_of(expr.arguments, [this](const Expr* one) { return knows_all_of(*one); });
}

Node Subjects::node(const Expr& expr) const {
  if (const auto found = comparison(expr))
    return leaf(*found->value, [&](const Subject& of, std::size_t slot) {
      return compared(found->name, slot, slot_of(of, found->literal->value), slot == of.missing_slot());
    });
  if (is_member_test(expr)) return member_test(expr);
  if (expr.op == Op::Literal) {
    const bool missing = expr.value.missing();
    return {.constant = missing ? Truth::Missing : truth(expr.value.boolean())};
  }
  if (is_structure(expr)) return structure(expr);
  return leaf(expr, [](const Subject& of, std::size_t slot) {
    return slot % 2 == 0 || slot == of.missing_slot() ? Truth::Missing : truth(of.points[slot / 2].boolean());
  });
}

std::size_t Subjects::find(const Expr& expr) const {
  if (const auto at = by_node_.find(&expr); at != by_node_.end()) return at->second;
  const auto known =
      std::ranges::find_if(all, [&](const Subject& one) { return is_same(*one.expr, expr, budget_); });
  return static_cast<std::size_t>(known - all.begin());
}

bool Subjects::is_whole() const {
  return nodes_ >= 0 && budget_ >= 0 && all.size() <= kMostSubjects;
}

Subject& Subjects::find_or_add(const Expr& expr) {
  const std::size_t at = find(expr);
  by_node_[&expr] = at;
  if (at < all.size()) {
    // One that is known to be present here may be missing where another condition asks it.
    all[at].may_be_missing = all[at].may_be_missing || expr.type.optional;
    return all[at];
  }
  Subject subject{.expr = &expr, .may_be_missing = expr.type.optional};
  if (expr.type.kind == Kind::Bool) subject.points = {Value(false), Value(true)};
  if (expr.type.kind == Kind::Enum && expr.type.labels)
    for (const std::string& label : *expr.type.labels) subject.points.emplace_back(label);
  all.push_back(std::move(subject));
  return all.back();
}

void Subjects::add_point(const Expr& expr, const Value& value) {
  find_or_add(expr).points.push_back(value);
}

Node Subjects::leaf(const Expr& value, const Answer& answer) const {
  Node node{.kind = Node::Kind::Leaf, .subject = find(value)};
  BACKFILL_CHECK(node.subject < all.size(), "a condition asks a value that was not collected");
  const Subject& of = all[node.subject];
  for (std::size_t slot = 0; slot < of.slots(); ++slot) node.answers.push_back(answer(of, slot));
  return node;
}

Node Subjects::member_test(const Expr& expr) const {
  Node node{.kind = Node::Kind::Leaf, .subject = find(*expr.arguments[0])};
  const Subject& of = all[node.subject];
  node.answers.assign(of.slots(), Truth::False);
  node.answers.back() = Truth::Missing;
  for (std::size_t k = 1; k < expr.arguments.size(); ++k)
    node.answers[slot_of(of, expr.arguments[k]->value)] = Truth::True;
  return node;
}

Node Subjects::structure(const Expr& expr) const {
  if (is_presence_test(expr)) {
    const Expr& value = *expr.arguments[0];
    if (value.op == Op::Literal) return {.constant = truth(value.value.missing())};
    return leaf(value, [](const Subject& of, std::size_t slot) { return truth(slot == of.missing_slot()); });
  }
  Node node{.kind = expr.op == Op::And         ? Node::Kind::And
                    : expr.op == Op::Or        ? Node::Kind::Or
                    : expr.op == Op::Not       ? Node::Kind::Not
                    : expr.op == Op::IsMissing ? Node::Kind::IsMissing
                                               : Node::Kind::Coalesce};
  for (const Expr* argument : expr.arguments) node.children.push_back(this->node(*argument));
  return node;
}

}  // namespace backfill::check
