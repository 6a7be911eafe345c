// SPDX-License-Identifier: Apache-2.0
// Regular expressions: only what means the same to RE2, PostgreSQL and PCRE2, each spelled for its reader.
//
// Literals, `.` (anything but a newline), classes of characters and ASCII ranges, \d \w \s (ASCII) and their
// negations, groups, `|`, the greedy quantifiers ? * + {n} {n,} {n,m} up to 255, and ^ and $ at the ends of
// the whole text. Not: lazy and possessive quantifiers, backreferences, lookaround, \b, named and POSIX
// classes, flags.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace backfill::stdlib {

struct Pattern {
  std::string re2;       // PCRE2 reads it, too: \A and \z are the ends of the text
  std::string postgres;  // an advanced regular expression: \Z is the end of the text
  int groups = 0;        // capturing ones
  bool matches_empty = false;
  bool anchored = false;  // begins with ^ and ends with $, in every alternative
  // Reads like the form of a whole value, but is found anywhere: no anchors, and every alternative is a word
  // (`free|pro`) or begins and ends in classes (`[A-Z]{2}\d+`); or `^a|b$`, whose anchors hold for one
  // alternative each.
  bool looks_whole = false;
  // Where it matches, there is one way to do so: the leftmost-longest rule of POSIX and the leftmost-first of
  // Perl find the same part and the same groups.
  bool one_reading = false;
};

struct ParsedPattern {
  std::optional<Pattern> pattern;
  std::string problem;  // why there is none: "a lazy quantifier", ...
  std::size_t at = 0;   // the byte of the pattern where it is
};

[[nodiscard]] ParsedPattern parse_pattern(std::string_view source);

// `like`: % is any text, _ any code point, \ takes the next one literally. nullopt: it ends in \.
struct LikePart {
  enum Kind : std::uint8_t { Any, One, Literal } kind;
  std::string_view literal;  // one code point
};
[[nodiscard]] std::optional<std::vector<LikePart>> parse_like(std::string_view pattern);

}  // namespace backfill::stdlib
