// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/native_run.h"

#include <catch2/catch.hpp>

namespace backfill::test {

using stdlib::Kind;

namespace {

// The rows from `first` on, as many.
std::vector<stdlib::ColumnBuffer> buffers_of(const TypedTable& table, std::size_t first, std::size_t count,
                                             stdlib::Arena& arena) {
  std::vector<stdlib::ColumnBuffer> out;
  for (std::size_t k = 0; k < table.columns().size(); ++k) {
    stdlib::ColumnBuffer& buffer = out.emplace_back(table.columns()[k].type);
    buffer.reserve(static_cast<std::int64_t>(count));
    for (std::size_t row = 0; row < count; ++row) {
      const stdlib::Value& value = table.row(first + row).inputs[k];
      if (value.missing()) {
        buffer.set_missing(static_cast<std::int64_t>(row));
      } else {
        buffer.set(static_cast<std::int64_t>(row), value, arena);
      }
    }
  }
  return out;
}

}  // namespace

std::vector<stdlib::ColumnBuffer> buffers(const TypedTable& table, stdlib::Arena& arena) {
  return buffers_of(table, 0, table.size(), arena);
}

NativeExpression::NativeExpression(const ir::Expr& expr, const std::vector<schema::Column>& columns)
    : expr_(expr) {
  ir::Backfill backfill;
  for (std::size_t k = 0; k < columns.size(); ++k)
    backfill.row.inputs.push_back({static_cast<int>(k), columns[k].type});
  const ir::Expr never{.op = ir::Op::Literal, .type = stdlib::make(Kind::Bool), .value = false};
  backfill.row.changed = &never;
  backfill.row.outputs.push_back({.column = 0, .input = 0, .final = &expr});
  auto engine = jit::engine();
  if (!engine) FAIL(engine.failure().message);
  auto program = (*engine)->compile(backfill, {});
  if (program) program_ = *std::move(program);
}

NativeAnswer NativeExpression::run(const std::vector<stdlib::ColumnBuffer>& inputs, std::int64_t rows,
                                   std::int64_t now) const {
  std::vector<stdlib::Column> in;
  for (const stdlib::ColumnBuffer& buffer : inputs) in.push_back(buffer.column());
  NativeAnswer answer{0, stdlib::ColumnBuffer(expr_.type), std::make_unique<stdlib::Arena>()};
  stdlib::ColumnBuffer classes(stdlib::make(Kind::Int32)), changed(stdlib::make(Kind::Bool));
  std::vector<stdlib::OutColumn> out;
  for (stdlib::ColumnBuffer* column : {&classes, &changed, &answer.column}) {
    column->reserve(rows);
    out.push_back(column->out());
  }
  stdlib::Context context;
  context.now = now;
  context.arena = answer.arena.get();
  answer.errors = program_->kernel()(in.data(), out.data(), rows, &context);
  return answer;
}

NativeAnswer NativeExpression::run_row(const TypedTable& table, std::size_t row, std::int64_t now) const {
  stdlib::Arena arena;
  const auto inputs = buffers_of(table, row, 1, arena);
  // Texts may be slices of the inputs: nobody reads them but for their errors.
  return run(inputs, 1, now);
}

}  // namespace backfill::test
