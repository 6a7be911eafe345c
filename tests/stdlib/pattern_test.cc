// SPDX-License-Identifier: Apache-2.0
// Which patterns are portable, how each engine gets them, and where all find the same part.
#include "stdlib/pattern.h"

#include <catch2/catch.hpp>

#include <string>

#include "stdlib/native_pattern.h"

namespace backfill::stdlib {
namespace {

TEST_CASE("a pattern is spelled for its reader") {
  const ParsedPattern parsed = parse_pattern(R"(^a.\d[^x-z\]]+$)");
  REQUIRE(parsed.pattern);
  CHECK(parsed.pattern->re2 == R"(\Aa[^\n][0-9][^x-z\]]+\z)");
  CHECK(parsed.pattern->postgres == R"(\Aa[^\n][0-9][^x-z\]]+\Z)");
  CHECK(parsed.pattern->anchored);
  CHECK_FALSE(parsed.pattern->matches_empty);
}

TEST_CASE("what engines read differently is refused") {
  for (const char* source :
       {"",      "a*?",   "a++",    "a**",    R"(\b)", R"(\1)", R"((a)\1)", "(?i)a", "(?=a)", "[[:alpha:]]",
        "[é-ö]", "[z-a]", "a{2,1}", "a{256}", "a{",    "x{a}",  "(",        ")",     "(a",    "[a",
        "[]",    "a^",    "$a",     "()",     "a|",    "|a",    "*a",       R"(\)",  R"(\Q)", R"(\p{L})",
        "(^a)",  "(a$)",  "^*"}) {
    INFO(source);
    CHECK_FALSE(parse_pattern(source).pattern);
  }
}

TEST_CASE("one reading: whether what is optional could be taken in two ways") {
  for (const char* source : {"a+", "[0-9]+x", "^([^@]+)@(.+)$", "a?b?c", "(id)=([0-9]{1,3});", "é*a"}) {
    INFO(source);
    REQUIRE(parse_pattern(source).pattern);
    CHECK(parse_pattern(source).pattern->one_reading);
  }
  for (const char* source : {"a|b", "a?a", "(ab)+", ".*a", "a?(ab)?", "[a-c]*b", "a*b?a"}) {
    INFO(source);
    REQUIRE(parse_pattern(source).pattern);
    CHECK_FALSE(parse_pattern(source).pattern->one_reading);
  }
}

TEST_CASE("what may match nothing is known") {
  CHECK(parse_pattern("a*").pattern->matches_empty);
  CHECK(parse_pattern("(a|b?)").pattern->matches_empty);
  CHECK(parse_pattern("a{0,3}b*").pattern->matches_empty);
  CHECK_FALSE(parse_pattern("a*b").pattern->matches_empty);
}

TEST_CASE("like walks back to the last %") {
  Arena arena;
  Context context{0, 0, &arena};
  const auto like = [&](std::string_view text, std::string_view form) {
    return native_pattern::like(context, arena.copy(text), arena.copy(form));
  };
  CHECK(like("aab", "%ab"));
  CHECK(like("abcabcd", "a%bcd"));
  CHECK_FALSE(like("abcabc", "a%bcd"));
  CHECK(like("", "%"));
  CHECK_FALSE(like("", "_"));
  CHECK(like("日本", "_本"));
  CHECK(like("100%", R"(100\%)"));
  CHECK_FALSE(like("100x", R"(100\%)"));
  CHECK(like("a\nb", "a_b"));
  CHECK(context.errors == 0);
  like("a", "a\\");
  CHECK(context.errors == static_cast<std::uint32_t>(RowError::OutOfDomain));
}

TEST_CASE("many patterns on one thread") {
  Arena arena;
  Context context{0, 0, &arena};
  for (int round = 0; round < 2; ++round) {
    for (int i = 0; i < 600; ++i) {
      const std::string pattern = "x" + std::to_string(i) + "$";
      REQUIRE(native_pattern::test(context, arena.copy("ax" + std::to_string(i)), arena.copy(pattern)));
      REQUIRE_FALSE(native_pattern::test(context, arena.copy("a"), arena.copy(pattern)));
    }
  }
}

}  // namespace
}  // namespace backfill::stdlib
