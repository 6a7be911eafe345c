// SPDX-License-Identifier: Apache-2.0
// The one function table. A row is all that anybody knows of a function or operator: the checker, constant
// folder, native lowering, SQL lowering, reference pages and differential tests read it. To add a function,
// add a row in functions_<group>.cc and, if it is not inline, its native body in native_<group>.cc.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "stdlib/abi.h"
#include "stdlib/row_error.h"
#include "stdlib/type.h"
#include "stdlib/value.h"

namespace backfill::stdlib {

enum class NullRule : std::uint8_t {
  MissingIfAny,  // a missing argument makes the result missing; bodies never see one
  NeverMissing,  // decides itself, always present (a is distinct from b)
  Decides,       // decides itself, may be missing (nullif)
  Finds,         // as MissingIfAny, but the body may find nothing: `return absent(context)` (a JSON member)
};
// Is the body called only where every argument is present?
constexpr bool is_strict(NullRule rule) {
  return rule == NullRule::MissingIfAny || rule == NullRule::Finds;
}

// Operations that native lowering emits as vector IR instead of a call. The types come from the row.
enum class Inline : std::uint8_t {
  None,
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Negate,
  Absolute,
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,
  Distinct,
  NotDistinct,
  Convert,  // widening between numbers, decimal rescale: never fails or flags Overflow
  Sign,
  Greatest,
  Least,  // the last two are variadic and pass over missing arguments: fold pairwise
  NullIf,
  DateFromTimestamp,
  TimestampFromDate,
};

enum class Dialect : std::uint8_t { Postgres, Sqlite, MariaDb };
constexpr std::size_t kDialects = 3;

// SEMANTICS.md: how the database's own SQL gives our meaning.
enum class Availability : std::uint8_t { Same, Wrapped, Pinned, Assisted, Unavailable };

// `text` has holes {0}, {1}, ... for arguments ({*1}: those from 1 on, separated by commas); an argument
// whose operator binds looser than the hole asks for is put in parentheses: {0:70} asks for strength 70
// (grammar/operators.h has the strengths; none = any). `strength` is the template's own outermost operator
// (100 = a call or a literal). For `Assisted`, `text` calls a function that we register on the connection
// under the name backfill_<name>.
struct SqlTemplate {
  Availability availability = Availability::Unavailable;
  std::string_view text;
  int strength = 100;
  std::string_view reason;  // Unavailable, Assisted: why; which portable form there is
  // Where the template depends on an argument's literal value (split_part with field 1 or 2): asked first,
  // with the arguments that are literals (null otherwise). Empty result: use `text`; where that is empty too,
  // it is unavailable for these arguments, with `reason`. May be null.
  std::string (*special)(std::span<const Value* const> literals) = nullptr;
  // Where it depends on the digits of the call's decimals: asked next. Empty result: as above.
  std::string (*typed)(std::span<const Type> arguments, const Type& result) = nullptr;
};

struct Parameter {
  std::string_view name;
  Type type;  // Decimal: any precision and scale. Text: any length. `optional` only matters under NullRule
              // other than MissingIfAny
};

// One call of the evaluator: never throws; sets `error` and returns missing on a row error.
struct EvaluateContext {
  std::int64_t now = 0;
  RowError error = RowError::None;
};
using EvaluateFunction = Value (*)(const struct Function& function, std::span<const Value> arguments,
                                   std::span<const Type> argument_types, const Type& result,
                                   EvaluateContext& context);

// How native code calls the body, by the C calling convention: a leading Context*, then every scalar apart.
//   bool: uint8_t. Text: const char*, int64_t. Decimal (Physical::Int128 in `parameters`, whatever the
//   column's width is): two uint64_t halves, low first, then its scale as int32_t. The last parameter of a
//   variadic row: const Text* and int64_t count. Last, if `wants_result`: the result type's precision and
//   scale as two int32_t. Result: the scalar; Text in two registers; Decimal as two int64_t, low first (at
//   the result type's scale, fits it).
// Under strict rules arguments of missing rows may be anything that is readable, and errors are flagged for
// them too: call only for present ones. Under the other rules a missing text argument is {nullptr, 0}, and
// under Decides a Text result whose data is null is missing. Built by native<&body>() (native.h) from the C++
// signature.
struct Native {
  void* address = nullptr;  // null for inline rows
  std::string_view symbol;  // stable, for the object cache
  std::vector<Physical> parameters;
  Physical result = Physical::Bool;
  bool wants_result = false;
};

struct Example {
  std::string_view expression;  // `split_part('a@b', '@', 2)`
  std::string_view result;      // a literal of the language, or `error: overflow`
};

struct Function {
  std::string_view name;  // `split_part`, or the operator as written: `+`, `=`, `||`
  bool is_operator = false;
  std::vector<Parameter> parameters;
  bool variadic = false;  // the last parameter repeats, at least once
  // Result type from the argument types (already converted to the parameters' types). Under MissingIfAny and
  // NeverMissing `optional` is added by resolve; under Decides the row says itself what may be missing.
  // Kind::Error: these arguments have no exact result (a decimal scale past 38).
  Type (*result)(std::span<const Type> arguments) = nullptr;
  NullRule null_rule = NullRule::MissingIfAny;
  std::vector<RowError> errors;  // which ones it can raise; empty: it cannot fail
  Inline inlined = Inline::None;
  Native native;
  EvaluateFunction evaluate = nullptr;  // generated by native<&body>(); evaluate_inline for inline rows
  std::array<SqlTemplate, kDialects> sql;
  std::string_view group;  // "text", "number", "date", "operator", "conversion", ...
  std::string_view doc;    // one line
  std::vector<Example> examples;

  [[nodiscard]] const SqlTemplate& in(Dialect dialect) const {
    return sql[static_cast<std::size_t>(dialect)];
  }
};

// Every row, in order of name then of specificity. Built once; addresses are stable for the life of the
// process.
const std::vector<Function>& functions();

// What the checker asks. Conversions tried are the lossless ones: int16 -> int32 -> int64 -> decimal, float32
// -> float64, int -> float64 where exact (int16, int32), date -> nothing. An exact match wins, then the
// fewest conversions, then table order. `arguments` may hold Kind::Missing (fits anything) and Kind::Error
// (fits anything).
struct Resolution {
  const Function* function = nullptr;  // null: none fits
  // To which each argument must be converted (without `optional`). Decimals that are added or compared come
  // aligned: both have the greater scale, and precision for both.
  std::vector<Type> parameter_types;
  Type result;  // with `optional` by the null rule
};
Resolution resolve(std::string_view name, std::span<const Type> arguments);
// All rows with the name, for diagnostics ("split_part(text, text, int32)").
std::vector<const Function*> overloads(std::string_view name);
std::vector<std::string> names();  // without operators
[[nodiscard]] std::string signature(const Function& function);

// Conversions of `as` and implicit widening are rows named "as" with one parameter; asked by source and
// target type. Implicit: only lossless ones. Null when there is none.
const Function* conversion(const Type& from, const Type& to, bool implicit);

// Test hook: makes the native body of `name` wrong (flips one result in a hundred) in this process. Only in
// force when BACKFILL_TEST_PLANT_BUG names the function; natives that take part ask planted().
bool planted(std::string_view name);

}  // namespace backfill::stdlib
