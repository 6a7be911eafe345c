// SPDX-License-Identifier: Apache-2.0
// Operators: chains folded to the left, comparisons, prefixes.
#include <algorithm>

#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

std::uint16_t deepest(const Expr& expr) {
  std::uint16_t depth = 0;
  const auto look = [&](const ExprPtr& child) {
    if (child) depth = std::max(depth, child->depth);
  };
  for (const ExprPtr& child : expr.children) look(child);
  for (const Argument& argument : expr.arguments) look(argument.value);
  for (const CaseArm& arm : expr.arms) look(arm.condition), look(arm.value);
  for (const ExprPtr& part : expr.partition) look(part);
  for (const OrderKey& key : expr.order) look(key.value);
  for (const OrderKey& key : expr.query.order) look(key.value);
  look(expr.query.where);
  return depth;
}

// `a || b |> lower`: the pipe takes b alone, which is hardly what is meant.
bool ends_in_pipe(const Expr& expr) {
  if (expr.parenthesised) return false;
  if (expr.piped) return true;
  return expr.kind == ExprKind::Cast && ends_in_pipe(*expr.children[0]);
}

}  // namespace

ExprPtr Builder::make(ExprKind kind, Span span) {
  auto expr = std::make_unique<Expr>();
  expr->kind = kind;
  expr->span = span;
  return expr;
}

ExprPtr Builder::refuse(diagnostic::Code code, Span span, std::string message, std::string help) {
  report({.code = code, .span = span, .message = std::move(message), .help = std::move(help)});
  return make(ExprKind::Error, span);
}

ExprPtr Builder::settle(ExprPtr expr) {
  const std::uint16_t depth = deepest(*expr);
  if (depth < max_depth) {
    expr->depth = static_cast<std::uint16_t>(depth + 1);
    return expr;
  }
  return refuse(diagnostic::Code::TooDeep, {expr->span.begin, expr->span.begin + 1},
                "this expression has too many operators in a row",
                "use a list with `in (...)`, or name parts of it with `let`");
}

ExprPtr Builder::expression(const Node& node) {
  switch (node.kind) {
    case NodeKind::column:
    case NodeKind::quoted_column:
      return column(node);
    case NodeKind::name_expression: {
      Children children(node);
      ExprPtr base = column(children.next());
      return postfixes(std::move(base), children);
    }
    case NodeKind::list_expression: {
      Children children(node);
      ExprPtr base = list(children.next());
      return postfixes(std::move(base), children);
    }
    case NodeKind::group:
      return group(node);
    case NodeKind::list:
      return list(node);
    case NodeKind::case_:
      return case_expression(node);
    case NodeKind::pipeline:
      return pipeline(node);
    case NodeKind::negate:
      return prefix(Operator::Negate, node);
    case NodeKind::not_:
      return prefix(Operator::Not, node);
    case NodeKind::comparison:
      return comparison(node);
    case NodeKind::disjunction:
    case NodeKind::conjunction:
    case NodeKind::coalesce:
    case NodeKind::concat:
    case NodeKind::sum:
    case NodeKind::product:
      return chain(node);
    default:
      return literal_expression(node);
  }
}

ExprPtr Builder::literal_expression(const Node& node) {
  ExprPtr expr = make(ExprKind::Literal, node.span);
  expr->literal = literal(node);
  return expr;
}

std::vector<ExprPtr> Builder::expressions(const Node& node) {
  std::vector<ExprPtr> result;
  for (const Node& child : node.children) result.push_back(expression(child));
  return result;
}

ExprPtr Builder::right_operand(const Node& node) {
  ExprPtr expr = expression(node);
  if (!ends_in_pipe(*expr)) return expr;
  report({.code = diagnostic::Code::PipeOperand,
          .span = expr->span,
          .message = "an operand with `|>` needs parentheses here",
          .notes = {"`|>` binds tighter than the operator in front of it: it takes this operand alone"},
          .help = "write `(a || b) |> f` or `a || (b |> f)`"});
  return expr;
}

ExprPtr Builder::prefix(Operator op, const Node& node) {
  ExprPtr expr = make(ExprKind::Unary, node.span);
  expr->op = op;
  expr->op_span = {node.span.begin, node.span.begin + (op == Operator::Not ? 3U : 1U)};
  const Node& operand = node.children.back();
  expr->children.push_back(op == Operator::Negate ? right_operand(operand) : expression(operand));
  return settle(std::move(expr));
}

ExprPtr Builder::binary(Operator op, Span op_span, ExprPtr left, ExprPtr right) {
  ExprPtr expr = make(ExprKind::Binary, {left->span.begin, right->span.end});
  expr->op = op;
  expr->op_span = op_span;
  expr->children.push_back(std::move(left));
  expr->children.push_back(std::move(right));
  return settle(std::move(expr));
}

ExprPtr Builder::chain(const Node& node) {
  Children children(node);
  ExprPtr left = expression(children.next());
  while (children.more() && left->kind != ExprKind::Error) {
    const Node& op = children.next();
    ExprPtr right = right_operand(children.next());
    left = binary(operator_of(text(op)), op.span, std::move(left), std::move(right));
  }
  return left;
}

Operator Builder::comparison_operator(const Node& node) {
  return operator_of(text(node));
}

ExprPtr Builder::comparison(const Node& node) {
  const Node& how = node.children.at(1);
  ExprPtr left = expression(node.children.at(0));
  if (how.kind == NodeKind::not_tail) return tail(std::move(left), how.children.at(1), true);
  return tail(std::move(left), how, false);
}

ExprPtr Builder::tail(ExprPtr left, const Node& node, bool negated) {
  if (node.kind == NodeKind::comparison_sign) {
    const Node& sign = node.children.at(0);
    ExprPtr right = right_operand(node.children.at(1));
    return binary(comparison_operator(sign), sign.span, std::move(left), std::move(right));
  }
  if (node.kind == NodeKind::is_distinct || node.kind == NodeKind::is_not_distinct) {
    const bool distinct = node.kind == NodeKind::is_distinct;
    const Span words{node.span.begin, node.children.at(0).span.begin};
    ExprPtr right = right_operand(node.children.at(0));
    return binary(distinct ? Operator::IsDistinct : Operator::IsNotDistinct, words, std::move(left),
                  std::move(right));
  }
  ExprKind kind = ExprKind::IsPresent;  // is_present, is_not_missing
  if (node.kind == NodeKind::is_missing) kind = ExprKind::IsMissing;
  if (node.kind == NodeKind::in_tail) kind = ExprKind::In;
  if (node.kind == NodeKind::between_tail) kind = ExprKind::Between;
  if (node.kind == NodeKind::matches_tail) kind = ExprKind::Matches;
  if (node.kind == NodeKind::like_tail) kind = ExprKind::Like;
  ExprPtr expr = make(kind, {left->span.begin, node.span.end});
  expr->op_span = node.span;
  expr->negated = negated;
  expr->children.push_back(std::move(left));
  const bool in_parentheses = kind == ExprKind::In;
  for (const Node& child : node.children)
    expr->children.push_back(in_parentheses ? expression(child) : right_operand(child));
  return settle(std::move(expr));
}

}  // namespace backfill::syntax
