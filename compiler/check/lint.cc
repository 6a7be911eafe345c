// SPDX-License-Identifier: Apache-2.0
// What is allowed and seldom meant.
#include "compiler/check/lint.h"

#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "compiler/check/expression.h"
#include "stdlib/pattern.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;

namespace {

bool is_whole_number(const Expr& expr) {
  if (expr.op != Op::Literal || expr.value.missing()) return false;
  const auto* number = std::get_if<double>(&expr.value.variant());
  return number != nullptr && *number > -1e15 && *number < 1e15 &&
         *number == static_cast<double>(static_cast<std::int64_t>(*number));
}

// The targets of the other derivations that are named in the expression, or in a `let` that it names. `row.x`
// says that the row as it was is meant.
class OtherTargets {
 public:
  OtherTargets(const Context& context, const syntax::Effect& effect) : context_(context), effect_(effect) {}

  void walk(const syntax::Expr& expr) {
    if (expr.kind == syntax::ExprKind::Name) name(expr.name);
    for (const syntax::ExprPtr& child : expr.children) walk_if(child);
    for (const syntax::Argument& argument : expr.arguments) walk_if(argument.value);
    for (const syntax::CaseArm& arm : expr.arms) {
      walk_if(arm.condition);
      walk_if(arm.value);
    }
  }
  std::vector<const syntax::Name*> found;

 private:
  void walk_if(const syntax::ExprPtr& expr) {
    if (expr != nullptr) walk(*expr);
  }
  void name(const syntax::Name& name) {
    for (const syntax::Let& let : context_.spec().lets) {
      if (let.name.text == name.text && seen_.insert(let.name.text).second) return walk(*let.value);
    }
    const int column = context_.table().find(name.text);
    if (column < 0 || column == context_.table().find(effect_.target.text)) return;
    const bool derived = std::ranges::any_of(context_.spec().effects, [&](const syntax::Effect& other) {
      return other.kind == syntax::EffectKind::Derive && context_.table().find(other.target.text) == column;
    });
    if (derived && seen_.insert(name.text).second) found.push_back(&name);
  }

  const Context& context_;
  const syntax::Effect& effect_;
  std::set<std::string> seen_;
};

bool always_missing(const Expr& expr, int input) {
  const auto one = [&](const Expr* argument) { return always_missing(*argument, input); };
  switch (expr.op) {
    case Op::Literal:
      return expr.value.missing();
    case Op::Input:
      return expr.input == input;
    case Op::Call:
    case Op::TryCall:
      return expr.function->null_rule == stdlib::NullRule::MissingIfAny &&
             std::ranges::any_of(expr.arguments, one);
    case Op::Coalesce:
      return std::ranges::all_of(expr.arguments, one);
    case Op::Case:
      for (std::size_t k = 1; k < expr.arguments.size(); k += 2)
        if (!one(expr.arguments[k])) return false;
      return one(expr.arguments.back());
    default:
      return false;
  }
}

}  // namespace

void lint_float_equality(Context& context, std::string_view op, const std::vector<const Expr*>& operands,
                         Span span) {
  if (op != "=" && op != "!=") return;
  const auto is_float = [](const Expr* operand) { return stdlib::is_float(operand->type.kind); };
  const auto is_exact = [](const Expr* operand) { return is_whole_number(*operand); };
  if (std::ranges::none_of(operands, is_float) || std::ranges::any_of(operands, is_exact) ||
      std::ranges::all_of(operands, [](const Expr* one) { return one->op == Op::Literal; }))
    return;
  Diagnostic diagnostic{.code = Code::FloatEquality, .span = span};
  diagnostic.message = fmt::format("`{}` compares floats to the last bit", op);
  diagnostic.help =
      "compare with a tolerance (`abs(a - b) < 0.001e0`), or as decimals: `... as decimal(12, 2)`";
  context.report(std::move(diagnostic));
}

void lint_anchors(Context& context, const syntax::Expr& matches) {
  const syntax::Literal& regex = matches.children[1]->literal;
  const stdlib::ParsedPattern parsed = stdlib::parse_pattern(regex.text);
  if (!parsed.pattern || !parsed.pattern->looks_whole) return;
  const bool anchors = regex.text.starts_with('^');
  const std::string written = regex.written.substr(1, regex.written.size() - 2);  // without the slashes
  std::string inside = written;
  if (anchors) inside = inside.substr(1, inside.size() - 2);
  if (inside.find('|') != std::string::npos) inside = "(" + inside + ")";
  Diagnostic diagnostic{.code = Code::UnanchoredPattern, .span = matches.children[1]->span};
  diagnostic.message =
      anchors ? "`^` holds for the first alternative alone, and `$` for the last"
              : "this is true wherever the pattern is found, also in the middle of a longer text";
  diagnostic.replacement = fmt::format("/^{}$/", inside);
  diagnostic.help =
      fmt::format("for the whole text write `{}`; to find it anywhere, `regexp_like(..., /{}/)`",
                  diagnostic.replacement, written);
  context.report(std::move(diagnostic));
}

void lint_members(Context& context, const syntax::Expr& expr, const std::vector<const Expr*>& values) {
  if (!expr.negated) return;
  for (std::size_t k = 1; k < values.size(); ++k) {
    if (!values[k]->type.optional) continue;
    Diagnostic diagnostic{.code = Code::MemberMayBeMissing, .span = expr.children[k]->span};
    diagnostic.message = "this member may be missing, and `not in` is true of no such row";
    diagnostic.help =
        "give a value for the missing case: `... ?? ...`, or ask `... is missing or ... not in (...)`";
    context.report(std::move(diagnostic));
  }
}

void lint_reads_written(Context& context, const syntax::Effect& effect) {
  OtherTargets others(context, effect);
  others.walk(*effect.value);
  if (effect.when != nullptr) others.walk(*effect.when);
  for (const syntax::Name* name : others.found) {
    Diagnostic diagnostic{.code = Code::ReadsWritten, .span = name->span};
    diagnostic.message = fmt::format("`{}` is derived too, and this reads its value from before", name->text);
    diagnostic.help = fmt::format(
        "for the new value put its expression into a `let` and use that twice; for the old one write "
        "`row.{}`",
        name->text);
    context.report(std::move(diagnostic));
  }
}

bool check_fills_something(Context& context, const syntax::Effect& effect, const Expr& value, int input) {
  if (value.type.kind == Kind::Error || !always_missing(value, input)) return true;
  Diagnostic diagnostic{.code = Code::FillsNothing, .span = effect.value->span};
  diagnostic.message = fmt::format("`{}` is filled only where it is missing, and there this is missing too",
                                   effect.target.text);
  diagnostic.help =
      "to change values that are there say what may be overwritten: `intent amend` or `intent recompute`";
  context.report(std::move(diagnostic));
  return false;
}

void lint_length(Context& context, const Expr& value, const schema::Column& column, Span span) {
  const std::uint32_t from = value.type.max_length, to = column.type.max_length;
  if (value.type.kind != Kind::Text || from == 0 || to == 0 || from <= to || value.op == Op::Literal) return;
  Diagnostic diagnostic{.code = Code::TextMayNotFit, .span = span};
  diagnostic.message = fmt::format(
      "this may have {} characters, and `{}` holds {}: longer ones are quarantined", from, column.name, to);
  diagnostic.help = fmt::format("cut it where that is meant: `left(..., {})`; or widen the column first", to);
  context.report(std::move(diagnostic));
}

void check_cascades(Context& context) {
  const schema::Table& table = context.table();
  const ir::Backfill& backfill = context.out();
  std::vector<bool> read = ir::inputs_read(backfill);
  for (const ir::Output& output : backfill.row.outputs) {
    if (std::ranges::find(table.cascading, output.column) == table.cascading.end()) continue;
    const std::string& written = table.columns[static_cast<std::size_t>(output.column)].name;
    for (const schema::ForeignKey& key : table.foreign_keys) {
      if (key.table != table.qualified_name()) continue;
      for (std::size_t k = 0; k < key.referenced.size() && k < key.columns.size(); ++k) {
        if (table.find(key.referenced[k]) != output.column) continue;
        const auto is_read = [&](const ir::Input& input) {
          return input.column == key.columns[k] &&
                 read[static_cast<std::size_t>(&input - backfill.row.inputs.data())];
        };
        if (std::ranges::none_of(backfill.row.inputs, is_read)) continue;
        Diagnostic diagnostic{.code = Code::CascadeIntoInput, .span = output.span};
        diagnostic.message = fmt::format(
            "writing `{}` changes `{}` of other rows (a foreign key with ON UPDATE CASCADE), which this "
            "reads",
            written, table.columns[static_cast<std::size_t>(key.columns[k])].name);
        diagnostic.help =
            "rows would be derived from values before and after: write one of the two in a backfill of its "
            "own";
        context.report(std::move(diagnostic));
      }
    }
  }
}

}  // namespace backfill::check
