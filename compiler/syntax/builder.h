// SPDX-License-Identifier: Apache-2.0
// Makes the tree from nodes, page by page as the grammar: build_name.cc, build_literal.cc,
// build_expression.cc, ...
#pragma once

#include <string_view>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/syntax/node.h"
#include "compiler/syntax/tree.h"

namespace backfill::syntax {

// Reads a node's children in the order of its rule.
class Children {
 public:
  explicit Children(const Node& node) : node_(node) {}
  [[nodiscard]] bool more() const { return at_ < node_.children.size(); }
  [[nodiscard]] bool at(NodeKind kind) const { return more() && node_.children[at_].kind == kind; }
  const Node& next() { return node_.children.at(at_++); }
  // The next child if it is of that kind, else null.
  const Node* take(NodeKind kind) { return at(kind) ? &next() : nullptr; }

 private:
  const Node& node_;
  std::size_t at_ = 0;
};

class Builder {
 public:
  Builder(const source::File& file, diagnostic::Sink& sink) : file_(file), sink_(sink) {}

  void file(const Node& node, File& out);
  [[nodiscard]] bool clean() const { return clean_; }

 private:
  // build_name.cc
  [[nodiscard]] std::string_view text(const Node& node) const { return file_.text(node.span); }
  Name name(const Node& node);
  std::vector<Name> names(const Node& node);
  QualifiedName qualified(const Node& node);
  Prose prose(const Node& node);
  Type type(const Node& node);

  // build_literal.cc
  Literal literal(const Node& node);
  void number(Literal& out, std::string_view digits);
  void moment(Literal& out, const Node& node);
  void duration(Literal& out);

  // build_expression.cc, build_postfix.cc
  ExprPtr expression(const Node& node);
  ExprPtr make(ExprKind kind, Span span);
  ExprPtr settle(ExprPtr expr);
  ExprPtr refuse(diagnostic::Code code, Span span, std::string message, std::string help);
  ExprPtr literal_expression(const Node& node);
  ExprPtr column(const Node& node);
  ExprPtr postfixes(ExprPtr base, Children& children);
  ExprPtr postfix(ExprPtr base, const Node& node);
  ExprPtr field(ExprPtr base, const Node& node);
  ExprPtr call(QualifiedName callee, const Node* node, Span span, ExprPtr piped);
  void call_body(Expr& call, const Node& node);
  ExprPtr called(ExprPtr base, const Node& node);
  ExprPtr group(const Node& node);
  ExprPtr list(const Node& node);
  ExprPtr case_expression(const Node& node);
  CaseArm arm(const Node& node);
  ExprPtr pipeline(const Node& node);
  ExprPtr pipe(ExprPtr base, const Node& node);
  ExprPtr cast(ExprPtr base, const Node& node);
  ExprPtr prefix(Operator op, const Node& node);
  ExprPtr chain(const Node& node);
  ExprPtr binary(Operator op, Span op_span, ExprPtr left, ExprPtr right);
  ExprPtr comparison(const Node& node);
  ExprPtr tail(ExprPtr left, const Node& node, bool negated);
  ExprPtr right_operand(const Node& node);
  Query query(const Node& node);
  void query_rest(Query& query, Children& children);
  std::vector<OrderKey> order(const Node& node);
  std::vector<ExprPtr> expressions(const Node& node);

  // build_clause.cc
  void clause(const Node& node, Backfill& out);
  bool declaration(const Node& node, Backfill& out);
  bool block(const Node& node, Backfill& out);
  Use use(const Node& node);
  Function function(const Node& node);
  Param param(const Node& node);
  SourceFile source_file(const Node& node);
  Target target(const Node& node);
  Target documents(const Node& node);
  std::vector<Name> key(const Node& node);
  Intent intent(const Node& node);
  void guarded_lookup(const Node& node, Backfill& out);
  Lookup lookup(const Node& node);
  Backfill backfill(const Node& node);
  template <typename T>
  void only_once(std::optional<T>& slot, T value, const Node& node);

  // build_effect.cc: an effect may bring the outcome that follows it (see `when` in grammar/effects.h)
  void effect(const Node& node, std::vector<Effect>& out);
  void guarded(const Node& when, Effect& guarded, std::vector<Effect>& out);
  Effect outcome(const Node& node, ExprPtr condition, Span span);
  Effect derive(const Node& node, std::vector<Effect>& after);
  Effect insert(const Node& node, std::vector<Effect>& after);
  Effect ensure(const Node& node, std::vector<Effect>& after);
  Effect others(EffectKind kind, const Node& node);
  Effect merge(const Node& node);
  Effect repoint(const Node& node);
  Effect for_each(const Node& node, std::vector<Effect>& after);
  RowValues row_values(const Node& node);
  OnConflict on_conflict(const Node& node);
  ExprPtr path_item(const Node& node);

  // build_rollout.cc
  Scope scope(const Node& node);
  Amount amount(const Node& node);
  Stage stage(const Node& node);
  Gate gate(const Node& node);
  PaceRule pace_rule(const Node& node);
  Verify verify(const Node& node);
  Metric metric(const Node& node);
  Rollback rollback(const Node& node);
  Impact impact(const Node& node);
  Operator comparison_operator(const Node& node);

  // build_example.cc
  Test test(const Node& node);
  TestRow test_row(const Node& node);
  TestRows test_rows(const Node& node);
  TestField test_field(const Node& node);
  TestValue test_value(const Node& node);
  TestExpect test_expect(const Node& node);

  void report(diagnostic::Diagnostic diagnostic) {
    clean_ = false;
    sink_.report(std::move(diagnostic));
  }

  const source::File& file_;
  diagnostic::Sink& sink_;
  bool clean_ = true;
};

// The sign of a comparison, `??`, `or`, ... as an operator.
Operator operator_of(std::string_view written);
// What stands between the quotes, with doubled quotes made single.
std::string unquote(std::string_view written);

}  // namespace backfill::syntax
