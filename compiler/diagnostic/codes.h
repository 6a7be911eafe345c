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
  X(201, UnknownTable, Error, "there is no such table in the schema")           \
  X(202, UnknownColumn, Error, "there is no such column")                       \
  X(301, TypeMismatch, Error, "the type does not fit")                          \
  X(901, NotSupportedYet, Error, "the language has it, this version does not")

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
