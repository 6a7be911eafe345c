// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/messages.h"

#include <algorithm>

#include <fmt/format.h>

#include "compiler/syntax/scan.h"
#include "grammar/message.h"

namespace backfill::syntax {
namespace {

using diagnostic::Code;
using diagnostic::Diagnostic;
using grammar::Trap;

// Code and way out of the traps that deserve their own; the rest are "something else was expected".
struct TrapRow {
  Trap trap;
  Code code;
  const char* help;
};

constexpr TrapRow traps[] = {
    {Trap::GluedComment, Code::GluedComment,
     "put a space before a comment; to subtract a negative number, write `a - -b`"},
    {Trap::ChainedComparison, Code::ChainedComparison,
     "write `a < b and b < c`, or put one comparison in parentheses"},
    {Trap::Unterminated, Code::Unterminated,
     "text and short prose end on their line; prose over several lines stands in \"\"\""},
    {Trap::GluedNumber, Code::GluedNumber,
     "a unit stands apart: `90 s`; a percentage touches its sign: `10%`; the remainder does not: `x % 3`"},
    {Trap::OptionalCast, Code::OptionalCast,
     "say what becomes of a missing value: `(x as text or missing) ?? ''`"},
    {Trap::NotCallable, Code::NotCallable,
     "call a function by its name, and keep a result in a `let` to use it further"},
};

std::string found(const source::File& file, const Token& token) {
  if (token.kind == TokenKind::End) return "the end of the file";
  std::string_view words = file.text(token.span);
  words = words.substr(0, std::min(words.find('\n'), words.size()));
  if (words.size() > 40)
    return fmt::format("`{}...`", words.substr(0, words.find_first_of(" '\"", 1)).substr(0, 40));
  return fmt::format("`{}`", words);
}

// What people write who think in SQL, and what it is here.
std::string habit(std::string_view text, std::uint32_t at) {
  const auto before = [&](std::string_view word) {
    return at >= word.size() && text.substr(at - word.size(), word.size()) == word;
  };
  const std::string_view here = text.substr(std::min<std::size_t>(at, text.size()));
  const std::string_view line = text.substr(text.rfind('\n', at == 0 ? 0 : at - 1) + 1);
  const std::string_view lead = line.substr(0, static_cast<std::size_t>(text.data() + at - line.data()));
  const auto begins = [&](std::string_view word) { return here.starts_with(word); };
  if (begins("<>") || (before("<") && begins(">"))) return "not equal is written `!=`";
  if (begins("==") || (before("=") && begins("="))) return "equal is written `=`";
  if (begins(";")) return "no sign ends a clause: leave the `;` out";
  if (begins("#") || begins("//")) return "a comment begins with `--`";
  if (begins("/*")) return "a comment begins with `--` and ends with its line";
  if (begins("&&")) return "write `and`";
  if (begins("||") && before("|")) return "write `or`; `||` joins texts";
  if (begins("!") && !begins("!=")) return "write `not`";
  if (begins("null") || begins("NULL"))
    return "the absence of a value is called `missing`: `is missing`, `is present`";
  if (begins("not null") || begins("NOT NULL")) return "write `is present`";
  if (lead.find("case when") != std::string_view::npos || lead.find("CASE WHEN") != std::string_view::npos ||
      ((lead.ends_with("case ") || lead.ends_with("CASE ")) && (begins("when") || begins("WHEN"))))
    return "a case is written `case { condition -> value, else -> value }`";
  return {};
}

Diagnostic too_deep(const Token& token) {
  return {.code = Code::TooDeep,
          .span = token.span,
          .message = "this expression is nested too deeply",
          .help = "give parts of it names with `let`"};
}

Diagnostic trapped(const TrapRow& row, const grammar::Message& message, source::Span span) {
  return {.code = row.code, .span = span, .message = message.text, .help = row.help};
}

}  // namespace

Diagnostic explain(const Failure& failure, const source::File& file, source::Span blank) {
  Token token = scan_one(file.text(), failure.offset, {});
  if (failure.message == nullptr) return too_deep(token);
  const grammar::Message& message = *failure.message;
  for (const TrapRow& row : traps) {
    if (row.trap != message.trap) continue;
    // What is not closed is marked from the failure back to its line's end, not at the next token.
    if (message.trap == Trap::Unterminated) token.span = {failure.offset, failure.offset};
    return trapped(row, message, token.span);
  }
  Diagnostic result{.code = Code::SyntaxError,
                    .span = token.span,
                    .message = fmt::format("expected {}, found {}", message.text, found(file, token))};
  result.help = habit(file.text(), token.span.begin);
  if (message.at_previous && blank.end == failure.offset && blank.begin > 0) {
    result.labels.push_back({token.span, "instead of this"});
    result.span = {blank.begin - 1, blank.begin};
  }
  return result;
}

Diagnostic too_many(source::Span span, std::size_t most) {
  return {.code = Code::TooManyErrors,
          .span = span,
          .message = fmt::format("there are more than {} syntax errors; the rest are not shown", most)};
}

}  // namespace backfill::syntax
