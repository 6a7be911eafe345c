// SPDX-License-Identifier: Apache-2.0
#include "tests/compiler/lower_llvm/spec.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::test {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

const Expr* Spec::input(const Type& type) {
  backfill.row.inputs.push_back({-1, type});
  return read(backfill.row.inputs.size() - 1);
}

const Expr* Spec::read(std::size_t index) {
  Expr expr;
  expr.op = Op::Input;
  expr.type = backfill.row.inputs[index].type;
  expr.input = static_cast<int>(index);
  return node(std::move(expr));
}

const Expr* Spec::literal(const Type& type, stdlib::Value value) {
  Expr expr;
  expr.type = type;
  expr.value = std::move(value);
  return node(std::move(expr));
}

const Expr* Spec::op(Op which, const Type& type, std::vector<const Expr*> arguments) {
  Expr expr;
  expr.op = which;
  expr.type = type;
  expr.arguments = std::move(arguments);
  return node(std::move(expr));
}

const Expr* Spec::boolean(Op which, std::vector<const Expr*> arguments) {
  Type type = stdlib::make(Kind::Bool);
  if (which != Op::IsMissing) {
    type.optional =
        std::any_of(arguments.begin(), arguments.end(), [](const Expr* each) { return each->type.optional; });
  }
  return op(which, type, std::move(arguments));
}

const Expr* Spec::convert(const Expr* value, const Type& to, bool attempt) {
  const Type& from = value->type;
  if (from.required() == to.required() || from.kind == Kind::Missing) return value;
  if (from.kind == to.kind && from.kind != Kind::Decimal) return value;
  const stdlib::Function* function = stdlib::conversion(from.required(), to.required(), false);
  if (function == nullptr) return nullptr;
  Expr expr;
  expr.op = attempt ? Op::TryCall : Op::Call;
  expr.function = function;
  expr.type = to.required();
  expr.type.optional = from.optional || attempt;
  expr.arguments = {value};
  return node(std::move(expr));
}

const Expr* Spec::call(std::string_view name, std::vector<const Expr*> arguments, bool attempt) {
  std::vector<Type> types;
  for (const Expr* argument : arguments) types.push_back(argument->type);
  stdlib::Resolution resolution = stdlib::resolve(name, types);
  if (resolution.function == nullptr || resolution.result.kind == Kind::Error) return nullptr;
  Expr expr;
  expr.op = attempt ? Op::TryCall : Op::Call;
  expr.function = resolution.function;
  expr.type = resolution.result;
  if (attempt) expr.type.optional = true;
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const Expr* argument = convert(arguments[k], resolution.parameter_types[k]);
    if (argument == nullptr) return nullptr;
    expr.arguments.push_back(argument);
  }
  return node(std::move(expr));
}

void Spec::derive(const Expr* final) {
  ir::Output output;
  input(final->type.or_missing());
  output.input = static_cast<int>(backfill.row.inputs.size() - 1);
  output.final = final;
  backfill.row.outputs.push_back(output);
}

void Spec::finish() {
  std::vector<const Expr*> terms;
  for (const ir::Output& output : backfill.row.outputs) {
    const Expr* prior = read(static_cast<std::size_t>(output.input));
    const Expr* term = call("is distinct from", {output.final, prior});
    if (term == nullptr) {  // a type without comparison
      term = boolean(Op::Not, {boolean(Op::IsMissing, {output.final})});
    }
    terms.push_back(term);
  }
  if (terms.empty()) terms.push_back(literal(stdlib::make(Kind::Bool), false));
  backfill.row.changed = terms.size() == 1 ? terms[0] : boolean(Op::Or, terms);
}

std::unique_ptr<jit::Program> compile(const ir::Backfill& backfill, const jit::Options& options) {
  auto engine = jit::engine();
  if (!engine) FAIL(engine.failure().message);
  auto program = (*engine)->compile(backfill, options);
  if (!program) FAIL(program.failure().message);
  return std::move(*program);
}

void run(const jit::Program& program, const ir::Backfill& backfill, const Rows& rows, Answer& answer) {
  const auto count = static_cast<std::int64_t>(rows.size());
  std::vector<stdlib::ColumnBuffer> inputs;
  std::vector<stdlib::Column> in;
  for (std::size_t k = 0; k < backfill.row.inputs.size(); ++k) {
    stdlib::ColumnBuffer& buffer = inputs.emplace_back(backfill.row.inputs[k].type);
    buffer.reserve(count);
    for (std::int64_t row = 0; row < count; ++row) {
      const stdlib::Value& value = rows[static_cast<std::size_t>(row)][k];
      if (value.missing()) {
        buffer.set_missing(row);
      } else {
        buffer.set(row, value, answer.arena);
      }
    }
    in.push_back(buffer.column());
  }
  answer.columns.clear();
  answer.columns.emplace_back(stdlib::make(Kind::Int32));
  answer.columns.emplace_back(stdlib::make(Kind::Bool));
  for (const ir::Output& output : backfill.row.outputs) answer.columns.emplace_back(output.final->type);
  for (std::size_t k = 0; k < backfill.row.stage_conditions.size(); ++k) {
    answer.columns.emplace_back(stdlib::make(Kind::Bool));
  }
  std::vector<stdlib::OutColumn> out;
  for (stdlib::ColumnBuffer& column : answer.columns) {
    column.reserve(count);
    out.push_back(column.out());
  }
  stdlib::Context context;
  context.errors = 0xffff;  // the kernel resets it
  context.now = kNow;
  context.arena = &answer.arena;
  answer.errors = program.kernel()(in.data(), out.data(), count, &context);
}

namespace {

std::string describe(const ir::Backfill& backfill, const std::vector<stdlib::Value>& row) {
  std::string text;
  for (std::size_t k = 0; k < row.size(); ++k) {
    text += fmt::format("  in{}: {}\n", k, stdlib::literal(row[k], backfill.row.inputs[k].type));
  }
  return text;
}

void compare_row(const ir::Backfill& backfill, const Answer& answer, std::int64_t row,
                 const evaluate::Decision& decision) {
  CHECK(answer.columns[0].value(row).integer() == decision.class_code);
  for (std::size_t k = 0; k < decision.stages.size(); ++k) {
    CHECK(answer.columns[2 + backfill.row.outputs.size() + k].value(row).boolean() == decision.stages[k]);
  }
  if (decision.class_code != ir::kCandidate || decision.failure) return;
  CHECK(answer.columns[1].value(row).boolean() == decision.changed);
  for (std::size_t k = 0; k < decision.outputs.size(); ++k) {
    const Type& type = backfill.row.outputs[k].final->type;
    const stdlib::Value native = answer.columns[2 + k].value(row);
    INFO("output " << k << ": native " << stdlib::literal(native, type) << ", evaluator "
                   << stdlib::literal(decision.outputs[k], type));
    CHECK(native == decision.outputs[k]);
  }
}

}  // namespace

std::size_t compare(const jit::Program& program, const ir::Backfill& backfill, const Rows& rows) {
  Answer answer;
  run(program, backfill, rows, answer);
  std::size_t failing = 0;
  std::string first;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    const evaluate::Decision decision = evaluate::decide(backfill, {rows[row], {}}, {kNow});
    if (decision.failure && failing++ == 0) first = decision.failure->message;
    INFO("row " << row << "\n" << describe(backfill, rows[row]));
    compare_row(backfill, answer, static_cast<std::int64_t>(row), decision);
  }
  INFO("failing rows: " << failing << ", the first: " << first << ", kernel: " << answer.errors);
  CHECK((answer.errors != 0) == (failing != 0));
  return failing;
}

void check(const ir::Backfill& backfill, const Rows& rows) {
  const auto program = compile(backfill);
  compare(*program, backfill, rows);
  for (std::size_t row = 0; row < std::min<std::size_t>(rows.size(), 40); ++row)
    compare(*program, backfill, {rows[row]});
}

}  // namespace backfill::test
