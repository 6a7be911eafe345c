// SPDX-License-Identifier: Apache-2.0
// One expression as native code over a typed table.
#pragma once

#include <memory>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/jit/engine.h"
#include "stdlib/batch.h"
#include "tests/differential/typed_table.h"

namespace backfill::test {

struct NativeAnswer {
  std::uint32_t errors = 0;
  stdlib::ColumnBuffer column;
  std::unique_ptr<stdlib::Arena> arena;  // of the column's texts
};

class NativeExpression {
 public:
  // Ends the test if native code cannot be loaded.
  NativeExpression(const ir::Expr& expr, const std::vector<schema::Column>& columns);

  [[nodiscard]] bool compiled() const { return program_ != nullptr; }  // false: it has no native form
  [[nodiscard]] NativeAnswer run(const std::vector<stdlib::ColumnBuffer>& inputs, std::int64_t rows,
                                 std::int64_t now) const;
  [[nodiscard]] NativeAnswer run_row(const TypedTable& table, std::size_t row, std::int64_t now) const;

 private:
  const ir::Expr& expr_;
  std::unique_ptr<jit::Program> program_;
};

// The table's columns; texts lie in the arena.
std::vector<stdlib::ColumnBuffer> buffers(const TypedTable& table, stdlib::Arena& arena);

}  // namespace backfill::test
