// SPDX-License-Identifier: Apache-2.0
// Names, calls, queries, pipes, casts, lists and cases.
#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

// `std.text.initcap` as a callee, or nothing where the chain is no plain name.
bool dotted(const Expr& expr, QualifiedName& out) {
  if (expr.kind == ExprKind::Field && !dotted(*expr.children[0], out)) return false;
  if (expr.kind != ExprKind::Field && expr.kind != ExprKind::Name) return false;
  out.parts.push_back(expr.name);
  out.span = {out.parts.front().span.begin, expr.name.span.end};
  return true;
}

}  // namespace

ExprPtr Builder::column(const Node& node) {
  const bool is_row = text(node) == "row";
  ExprPtr expr = make(is_row ? ExprKind::Row : ExprKind::Name, node.span);
  expr->name = name(node);
  return expr;
}

ExprPtr Builder::postfixes(ExprPtr base, Children& children) {
  while (children.more() && base->kind != ExprKind::Error) base = postfix(std::move(base), children.next());
  return base;
}

ExprPtr Builder::postfix(ExprPtr base, const Node& node) {
  if (node.kind == NodeKind::call) return called(std::move(base), node);
  if (node.kind == NodeKind::field) return field(std::move(base), node);
  ExprPtr expr = make(ExprKind::Index, {base->span.begin, node.span.end});
  expr->children.push_back(std::move(base));
  expr->children.push_back(expression(node.children.at(0)));
  return settle(std::move(expr));
}

ExprPtr Builder::field(ExprPtr base, const Node& node) {
  ExprPtr expr = make(ExprKind::Field, {base->span.begin, node.span.end});
  expr->name = name(node.children.at(0));
  expr->children.push_back(std::move(base));
  return settle(std::move(expr));
}

ExprPtr Builder::called(ExprPtr base, const Node& node) {
  QualifiedName callee;
  if (dotted(*base, callee))
    return call(std::move(callee), &node, {base->span.begin, node.span.end}, nullptr);
  return refuse(diagnostic::Code::NotCallable, node.span, "only a name can be called",
                "keep the result in a `let` to use it further");
}

ExprPtr Builder::call(QualifiedName callee, const Node* node, Span span, ExprPtr piped) {
  ExprPtr expr = make(ExprKind::Call, span);
  expr->callee = std::move(callee);
  expr->piped = piped != nullptr;
  if (piped) expr->arguments.push_back({std::nullopt, std::move(piped)});
  if (node != nullptr) call_body(*expr, *node);
  return settle(std::move(expr));
}

void Builder::call_body(Expr& call, const Node& node) {
  for (const Node& child : node.children) {
    switch (child.kind) {
      case NodeKind::query:
      case NodeKind::for_query:
        call.kind = ExprKind::Query;
        call.query = query(child);
        break;
      case NodeKind::partition:
        call.kind = ExprKind::Window;
        call.partition = expressions(child);
        break;
      case NodeKind::order:
        call.kind = ExprKind::Window;
        call.order = order(child);
        break;
      default: {
        Children parts(child);
        Argument argument;
        if (const Node* label = parts.take(NodeKind::argument_name))
          argument.name = name(label->children.at(0));
        argument.value = expression(parts.next());
        call.arguments.push_back(std::move(argument));
      }
    }
  }
  if (call.kind != ExprKind::Query) return;
  for (Argument& argument : call.arguments) call.children.push_back(std::move(argument.value));
  call.arguments.clear();
}

Query Builder::query(const Node& node) {
  Query result;
  result.span = node.span;
  Children children(node);
  const Node& range = children.next();
  result.variable = name(range.children.at(0));
  result.table = qualified(range.children.at(1));
  query_rest(result, children);
  return result;
}

void Builder::query_rest(Query& query, Children& children) {
  if (const Node* where = children.take(NodeKind::query_where))
    query.where = expression(where->children.at(0));
  if (const Node* keys = children.take(NodeKind::order)) query.order = order(*keys);
}

std::vector<OrderKey> Builder::order(const Node& node) {
  std::vector<OrderKey> keys;
  for (const Node& child : node.children)
    keys.push_back(
        {expression(child.children.at(0)), child.find(NodeKind::descending) != nullptr, child.span});
  return keys;
}

ExprPtr Builder::group(const Node& node) {
  Children children(node);
  ExprPtr inner = expression(children.next());
  inner->parenthesised = true;
  const std::uint32_t end = children.more() ? node.children.at(1).span.begin : node.span.end;
  inner->span = {node.span.begin, end};
  return postfixes(std::move(inner), children);
}

ExprPtr Builder::list(const Node& node) {
  const Node* loop = node.find(NodeKind::comprehension);
  if (loop == nullptr) {
    ExprPtr expr = make(ExprKind::List, node.span);
    expr->children = expressions(node);
    return settle(std::move(expr));
  }
  ExprPtr expr = make(ExprKind::Comprehension, node.span);
  Children parts(*loop);
  expr->name = name(parts.next());
  expr->children.push_back(expression(node.children.at(0)));
  expr->children.push_back(expression(parts.next()));
  if (parts.more()) expr->children.push_back(expression(parts.next().children.at(0)));
  return settle(std::move(expr));
}

ExprPtr Builder::case_expression(const Node& node) {
  ExprPtr expr = make(ExprKind::Case, node.span);
  Children children(node.children.at(0));
  if (node.children.at(0).kind == NodeKind::pattern_case)
    expr->children.push_back(expression(children.next()));
  while (children.more()) expr->arms.push_back(arm(children.next()));
  return settle(std::move(expr));
}

CaseArm Builder::arm(const Node& node) {
  CaseArm result;
  result.span = node.span;
  result.is_else = node.kind == NodeKind::else_arm;
  result.value = expression(node.children.back());
  if (node.kind == NodeKind::condition_arm) result.condition = expression(node.children.front());
  if (node.kind != NodeKind::pattern_arm) return result;
  for (const Node& pattern : node.children.front().children) result.patterns.push_back(literal(pattern));
  return result;
}

ExprPtr Builder::pipeline(const Node& node) {
  Children children(node);
  ExprPtr base = expression(children.next());
  while (children.more() && base->kind != ExprKind::Error) {
    const Node& next = children.next();
    base = next.kind == NodeKind::pipe ? pipe(std::move(base), next) : cast(std::move(base), next);
  }
  return base;
}

ExprPtr Builder::pipe(ExprPtr base, const Node& node) {
  const Node& function = node.children.at(0);
  Children parts(function);
  QualifiedName callee;
  callee.parts.push_back(name(parts.next()));
  while (const Node* more = parts.take(NodeKind::field)) callee.parts.push_back(name(more->children.at(0)));
  callee.span = {callee.parts.front().span.begin, callee.parts.back().span.end};
  const Span span{base->span.begin, function.span.end};
  return call(std::move(callee), parts.take(NodeKind::call), span, std::move(base));
}

ExprPtr Builder::cast(ExprPtr base, const Node& node) {
  ExprPtr expr = make(ExprKind::Cast, {base->span.begin, node.span.end});
  expr->op_span = {node.span.begin, node.span.begin + 2};
  expr->children.push_back(std::move(base));
  expr->type = type(node.children.at(0));
  if (const Node* fallback = node.find(NodeKind::fallback))
    expr->fallback = literal(fallback->children.at(0));
  return settle(std::move(expr));
}

}  // namespace backfill::syntax
