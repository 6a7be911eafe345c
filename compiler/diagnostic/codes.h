// SPDX-License-Identifier: Apache-2.0
// The registry of diagnostic codes: the row here, a page in docs/diagnostics/, and a golden test.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

namespace backfill::diagnostic {

// BF01xx syntax, BF02xx names, BF03xx types, BF04xx missing values, BF05xx scope and classes, BF06xx effects and
// intent, BF07xx stages pace verify rollback, BF08xx tests and modules, BF09xx limits and not supported yet.
// X(code number, NAME, severity, "title")
#define BACKFILL_DIAGNOSTIC_CODES(X)                                            \
  X(101, SyntaxError, Error, "something else was expected here")                \
  X(102, GluedComment, Error, "`--` touches what stands before it") \
  X(103, DuplicateClause, Error, "this clause stands twice") \
  X(104, ChainedComparison, Error, "comparisons do not chain") \
  X(105, PipeOperand, Error, "an operand with `|>` needs parentheses") \
  X(106, Unterminated, Error, "a quoted text or a block is not closed") \
  X(107, NotUtf8, Error, "the file is not UTF-8") \
  X(108, ControlCharacter, Error, "the file holds a control character") \
  X(109, EmptyFile, Error, "the file holds no backfill and no function") \
  X(110, GluedNumber, Error, "something touches a number") \
  X(111, OptionalCast, Error, "`as` takes no optional type") \
  X(112, NotCallable, Error, "this cannot be called or indexed") \
  X(113, LiteralOutOfRange, Error, "a literal is outside what can be represented") \
  X(201, UnknownTable, Error, "there is no such table in the schema")           \
  X(202, UnknownColumn, Error, "there is no such column")                       \
  X(301, TypeMismatch, Error, "the type does not fit")                          \
  X(901, NotSupportedYet, Error, "the language has it, this version does not") \
  X(910, TooDeep, Error, "expressions are nested too deeply") \
  X(911, LineTooLong, Error, "a line is too long") \
  X(912, FileTooLarge, Error, "the file is too large") \
  X(913, TooManyErrors, Error, "there are more errors")

enum class Code : std::uint16_t {
#define X(number, name, severity, title) name = number,
  BACKFILL_DIAGNOSTIC_CODES(X)
#undef X
};

struct CodeRow {
  Code code;
  std::string_view name;
  bool is_error;
  std::string_view title;
};

std::span<const CodeRow> codes();
const CodeRow& row(Code code);
// "BF0101"
std::string_view text(Code code);

}  // namespace backfill::diagnostic
