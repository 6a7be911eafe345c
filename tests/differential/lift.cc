// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/lift.h"

#include <fmt/format.h>

#include "compiler/check/expression.h"
#include "compiler/diagnostic/diagnostic.h"
#include "compiler/syntax/parse.h"

namespace backfill::test {

namespace {

using stdlib::Kind;
using syntax::ExprKind;
using syntax::LiteralKind;

void literals(syntax::Expr& expr, std::vector<syntax::Expr*>& out) {
  if (expr.kind == ExprKind::Literal) out.push_back(&expr);
  for (const syntax::ExprPtr& child : expr.children) literals(*child, out);
  for (const syntax::Argument& argument : expr.arguments) literals(*argument.value, out);
  for (const syntax::CaseArm& arm : expr.arms) {
    if (arm.condition) literals(*arm.condition, out);
    if (arm.value) literals(*arm.value, out);
  }
}

bool has_column(const stdlib::Type& type) {
  switch (type.kind) {
    case Kind::Missing:
    case Kind::Interval:
    case Kind::Error:
    case Kind::Opaque:
    case Kind::List:
      return false;
    default:
      return true;
  }
}

bool lifts(Lift how, std::size_t place, const stdlib::Type& type) {
  if (!has_column(type)) return false;
  if (how == Lift::AllBut0) return place != 0;
  if (how == Lift::OnlyFirst) return place == 0;
  if (how == Lift::Texts) return !stdlib::is_integer(type.kind);
  return true;
}

// The table `t` of the columns c0, c1, ... and the parsed file in which they are named.
class Lifter {
 public:
  explicit Lifter(const std::string& expression)
      : source_("example.backfill",
                fmt::format("backfill example {{\n  table t\n  derive x = {}\n}}\n", expression)),
        sink_(source_),
        file_(syntax::parse(source_, sink_)) {
    catalog_.dialect = "postgres";
    schema::Table& table = catalog_.tables.emplace_back();
    table.name = "t";
    add(stdlib::make(Kind::Int32), "id");
  }

  std::optional<LiftedExpr> lift(Lift how);

 private:
  void add(const stdlib::Type& type, std::string name) {
    schema::Column column;
    column.name = std::move(name);
    column.type = type;
    catalog_.tables[0].columns.push_back(std::move(column));
  }
  std::vector<stdlib::Value> replace(syntax::Expr& root, Lift how);

  source::File source_;
  diagnostic::Sink sink_;
  std::unique_ptr<syntax::File> file_;
  schema::Catalog catalog_;
};

// The columns' values, in their order.
std::vector<stdlib::Value> Lifter::replace(syntax::Expr& root, Lift how) {
  ir::Backfill scratch;
  scratch.table = &catalog_.tables[0];
  check::Context context(*file_, file_->backfills[0], catalog_, sink_, scratch);
  std::vector<syntax::Expr*> found;
  literals(root, found);
  std::vector<stdlib::Value> values;
  for (std::size_t place = 0; place < found.size(); ++place) {
    const ir::Expr& literal = *check::check_literal(context, found[place]->literal);
    if (literal.op != ir::Op::Literal || literal.value.missing() || !lifts(how, place, literal.type))
      continue;
    stdlib::Type type = literal.type.or_missing();
    if (how == Lift::Wide && type.kind == Kind::Int32) type.kind = Kind::Int64;
    const std::string name = fmt::format("c{}", values.size());
    add(type, name);
    values.push_back(literal.value);
    found[place]->kind = ExprKind::Name;
    found[place]->name.text = name;
    found[place]->name.span = found[place]->span;
  }
  return values;
}

std::optional<LiftedExpr> Lifter::lift(Lift how) {
  if (sink_.has_errors() || file_->backfills.empty() || file_->backfills[0].effects.empty())
    return std::nullopt;
  syntax::Expr& root = *file_->backfills[0].effects[0].value;
  const std::vector<stdlib::Value> values = replace(root, how);
  if (values.empty()) return std::nullopt;
  LiftedExpr out;
  out.owner.table = &catalog_.tables[0];
  check::Context context(*file_, file_->backfills[0], catalog_, sink_, out.owner);
  out.expr = check::check_expression(context, root);
  out.owner.table = nullptr;
  if (sink_.has_errors() || out.expr->type.kind == Kind::Error || !ir::reads_row(*out.expr))
    return std::nullopt;
  for (const ir::Input& input : out.owner.row.inputs) {
    out.types.push_back(input.type);
    out.values.push_back(values.at(static_cast<std::size_t>(input.column) - 1));
  }
  return out;
}

}  // namespace

std::optional<LiftedExpr> lift(const std::string& expression, Lift how) {
  return Lifter(expression).lift(how);
}

}  // namespace backfill::test
