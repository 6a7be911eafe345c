// SPDX-License-Identifier: Apache-2.0
#include "compiler/diagnostic/codes.h"

#include <array>
#include <cstdlib>
#include <string>

namespace backfill::diagnostic {
namespace {

constexpr bool Error = true;
[[maybe_unused]] constexpr bool Warning = false;

constexpr CodeRow rows[] = {
#define X(number, name, severity, title) {Code::name, #name, severity, title},
    BACKFILL_DIAGNOSTIC_CODES(X)
#undef X
};

// The names of the codes, made once: "BF0101".
std::array<std::string, std::size(rows)> make_texts() {
  std::array<std::string, std::size(rows)> texts;
  for (std::size_t i = 0; i < std::size(rows); ++i) {
    const std::string digits = std::to_string(static_cast<unsigned>(rows[i].code));
    texts[i] = "BF" + std::string(4 - digits.size(), '0') + digits;
  }
  return texts;
}

std::size_t position(Code code) {
  for (std::size_t i = 0; i < std::size(rows); ++i)
    if (rows[i].code == code) return i;
  std::abort();  // a code is always registered: the enum is made from the same rows
}

}  // namespace

std::span<const CodeRow> codes() {
  return rows;
}

const CodeRow& row(Code code) {
  return rows[position(code)];
}

std::string_view text(Code code) {
  static const auto texts = make_texts();
  return texts[position(code)];
}

}  // namespace backfill::diagnostic
