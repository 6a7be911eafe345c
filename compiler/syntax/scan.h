// SPDX-License-Identifier: Apache-2.0
// The text as tokens, for what needs no grammar: recovery, comments, and the formatter.
#pragma once

#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace backfill::syntax {

enum class TokenKind { Name, Number, Text, Prose, Regex, Sign, Comment, Unknown, End };

struct Token {
  TokenKind kind = TokenKind::End;
  source::Span span;
  std::uint32_t newlines_before = 0;  // in the whitespace before it
};

// The token at or after `offset`. `previous` decides whether `/` divides or begins a regular expression.
Token scan_one(std::string_view text, std::uint32_t offset, const Token& previous);

// All tokens, without the End. What is not closed ends at its line's end.
std::vector<Token> scan(std::string_view text);

}  // namespace backfill::syntax
