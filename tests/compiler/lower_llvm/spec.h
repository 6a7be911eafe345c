// SPDX-License-Identifier: Apache-2.0
// A backfill built by hand, without parser or checker, and rows for it.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "runtime/jit/engine.h"
#include "stdlib/batch.h"
#include "stdlib/function.h"

namespace backfill::test {

using Rows = std::vector<std::vector<stdlib::Value>>;  // one value per input

class Spec {
 public:
  ir::Backfill backfill;

  const ir::Expr* node(ir::Expr expr) { return &backfill.arena->emplace_back(std::move(expr)); }
  const ir::Expr* input(const stdlib::Type& type);  // a new column
  const ir::Expr* read(std::size_t input);          // a column that is there
  const ir::Expr* literal(const stdlib::Type& type, stdlib::Value value);
  const ir::Expr* integer(std::int64_t value) { return literal(stdlib::make(stdlib::Kind::Int64), value); }
  const ir::Expr* text(std::string value) { return literal(stdlib::text(), std::move(value)); }
  const ir::Expr* missing(const stdlib::Type& type) { return literal(type.or_missing(), {}); }
  const ir::Expr* op(ir::Op op, const stdlib::Type& type, std::vector<const ir::Expr*> arguments);
  const ir::Expr* boolean(ir::Op which, std::vector<const ir::Expr*> arguments);
  // Through the function table, with the conversions that it asks for. Null: no such row, or a type that has
  // no exact result.
  const ir::Expr* call(std::string_view name, std::vector<const ir::Expr*> arguments, bool attempt = false);
  const ir::Expr* convert(const ir::Expr* value, const stdlib::Type& to, bool attempt = false);
  // Adds an output that is compared with `prior` (a column of the same type is made).
  void derive(const ir::Expr* final);
  // `changed`, from the outputs. To be called last.
  void finish();
};

// Compiles, without a cache.
std::unique_ptr<jit::Program> compile(const ir::Backfill& backfill, const jit::Options& options = {});

// What the kernel says of the rows.
struct Answer {
  std::uint32_t errors = 0;
  std::vector<stdlib::ColumnBuffer> columns;  // by the order of jit::Program
  stdlib::Arena arena;
};
void run(const jit::Program& program, const ir::Backfill& backfill, const Rows& rows, Answer& answer);

constexpr std::int64_t kNow = 1'700'000'000'000'000;

// Native code and evaluator say the same of every row, and the kernel reports an error if, and only if, a row
// fails. Returns how many rows fail.
std::size_t compare(const jit::Program& program, const ir::Backfill& backfill, const Rows& rows);
// The same, and each of the first rows alone.
void check(const ir::Backfill& backfill, const Rows& rows);

}  // namespace backfill::test
