// SPDX-License-Identifier: Apache-2.0
// The expressions of the syntax tree: what was written, with nothing resolved.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "compiler/source/source.h"

namespace backfill::syntax {

using source::Span;

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

// `text` is without the quotes of "quoted".
struct Name {
  std::string text;
  Span span;
  bool quoted = false;
};

// A table or an enum type, perhaps with its schema: `app.accounts`.
struct QualifiedName {
  std::vector<Name> parts;  // never empty in a tree that parsed
  Span span;
  [[nodiscard]] std::string text() const;  // parts joined with '.'
};

// `text`, `decimal(10, 2)?`, `[int32]`, `app.status`.
struct Type {
  QualifiedName name;                    // empty for a list
  std::vector<std::uint32_t> arguments;  // precision and scale, or a length
  std::unique_ptr<Type> element;         // set for a list
  bool optional = false;                 // `?`
  Span span;
};

enum class LiteralKind {
  Missing,
  Bool,
  Integer,
  Decimal,
  Float,
  Text,
  Bytes,
  Date,
  Time,
  Timestamp,
  Duration,
  Percentage,
  Regex
};

// As written: `90 s` is 90'000'000 microseconds, `3 days` is 3 days, `1 year` is 12 months.
struct Duration {
  std::int64_t months = 0;
  std::int64_t days = 0;
  std::int64_t microseconds = 0;
  friend bool operator==(const Duration&, const Duration&) = default;
};

struct Literal {
  LiteralKind kind = LiteralKind::Missing;
  Span span;
  std::string written;  // as in the source
  std::string
      text;  // decoded: Text, Bytes (raw bytes), Regex (the pattern); inside of date/time/timestamp '...'
  bool boolean = false;  // Bool
  __int128 integer =
      0;  // Integer; the unscaled digits of Decimal and Percentage (0.1% is 1, scale 1). Signed
  std::uint32_t scale = 0;  // digits after the point: Decimal, Percentage
  double floating = 0;      // Float
  Duration duration;        // Duration
};

enum class Operator {
  None,
  Or,
  And,
  Not,  // boolean
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,  // comparisons
  IsDistinct,
  IsNotDistinct,
  Coalesce,
  Concat,  // ?? and ||
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,
  Negate,
};

// As it is written in a spec: "or", "<=", "is distinct from", "-".
const char* text(Operator op);

enum class ExprKind {
  Error,          // did not parse; a diagnostic was reported
  Literal,        // literal
  Name,           // name: a column of this row, a let, a param or a lookup
  Row,            // `row`; stands before `.` only
  Field,          // children[0] . name
  Index,          // children[0] [ children[1] ]
  Call,           // callee(arguments); also `x |> f(y)` (piped: x is arguments[0])
  Unary,          // op children[0]: Not, Negate
  Binary,         // children[0] op children[1]
  IsMissing,      // children[0] is missing
  IsPresent,      // children[0] is present (`is not missing` too)
  In,             // children[0] [not] in (children[1..])
  Between,        // children[0] [not] between children[1] and children[2]
  Matches,        // children[0] [not] matches children[1] (a Regex literal)
  Like,           // children[0] [not] like children[1] [escape children[2] (a Text literal)]
  Cast,           // children[0] as type [or fallback]
  Case,           // case [children[0]] { arms }
  List,           // [children...]
  Comprehension,  // [children[0] for name in children[1] if children[2]]; children[2] may be absent
  Query,          // callee([children[0] for] query): count sum min max avg exists first list
  Window,         // callee(arguments partition by ... order by ...)
};

// One argument of a call; `json_object(theme: 'dark')` has names.
struct Argument {
  std::optional<Name> name;
  ExprPtr value;
};

// One arm of a case: `condition -> value`, `'b' | 'c' -> value` (patterns), or `else -> value` (neither).
struct CaseArm {
  std::vector<Literal> patterns;
  ExprPtr condition;
  ExprPtr value;
  bool is_else = false;
  Span span;
};

struct OrderKey {
  ExprPtr value;
  bool descending = false;
  Span span;
};

// `o in orders where ... order by ...`: rows of another table.
struct Query {
  Name variable;
  QualifiedName table;
  ExprPtr where;  // may be null
  std::vector<OrderKey> order;
  Span span;
};

struct Expr {
  ExprKind kind = ExprKind::Error;
  Span span;
  Operator op = Operator::None;
  Span op_span;
  bool negated = false;        // `not in`, `not between`, `not matches`, `not like`
  bool parenthesised = false;  // stands in ( )
  bool piped = false;          // Call written with |>
  std::uint16_t depth = 1;     // of this tree; never above max_depth
  Name name;                   // Name, Field, Comprehension's variable
  QualifiedName callee;        // Call, Query, Window: nearly always one part
  Literal literal;
  std::vector<ExprPtr> children;
  std::vector<Argument> arguments;
  std::vector<CaseArm> arms;
  Type type;                        // Cast
  std::optional<Literal> fallback;  // Cast: `or missing`, `or 0`
  Query query;
  std::vector<ExprPtr> partition;  // Window
  std::vector<OrderKey> order;     // Window
};

// Every walker may recurse this deep; deeper expressions are refused with BF0910.
inline constexpr std::uint16_t max_depth = 1000;

}  // namespace backfill::syntax
