// SPDX-License-Identifier: Apache-2.0
// Input that is too large to lie in the tree: one diagnostic with the way to see it, in time, and no crash.
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;

const std::string kSchema = "CREATE TABLE accounts (id INTEGER PRIMARY KEY, seats INTEGER, email TEXT);";

std::string spec_with(const std::string& clause) {
  return "backfill generated {\n  table accounts\n" + clause + "\n  derive seats = 1\n}\n";
}

std::vector<std::string> codes_of(const std::string& text) {
  return test::Compiled("generated.backfill", text, test::catalog_of(kSchema)).codes();
}

}  // namespace

TEST_CASE("a line of 10 MB is BF0911") {
  CHECK(codes_of(spec_with("  let a = '" + std::string(10'000'000, 'x') + "'")) ==
        std::vector<std::string>{"BF0911"});
}

TEST_CASE("a file of 17 MB is BF0912") {
  std::string text;
  while (text.size() < 17U << 20U) text += "-- a comment that is not long\n";
  CHECK(codes_of(text) == std::vector<std::string>{"BF0912"});
}

TEST_CASE("10,000 nested parentheses are BF0910") {
  const std::string open(10'000, '('), close(10'000, ')');
  CHECK(codes_of(spec_with("  let a = " + open + "1" + close)) == std::vector<std::string>{"BF0910"});
}

TEST_CASE("10,000 nots and minus signs are BF0910") {
  std::string nots, minuses;
  for (int k = 0; k < 10'000; ++k) {
    nots += "not ";
    minuses += "- ";
  }
  CHECK(codes_of(spec_with("  let a = " + nots + "true")) == std::vector<std::string>{"BF0910"});
  CHECK(codes_of(spec_with("  let a = " + minuses + "1")) == std::vector<std::string>{"BF0910"});
}

// Long but flat: what people generate from a spreadsheet.
TEST_CASE("a case of 2,000 arms, a sum of 180 terms and a list of 5,000 members compile") {
  std::string arms, sum = "1", members = "0";
  for (int k = 0; k < 2'000; ++k) {
    arms += "    '" + std::to_string(k) + "' -> " + std::to_string(k) + ",\n";
  }
  for (int k = 0; k < 180; ++k) sum += " + seats";
  for (int k = 0; k < 5'000; ++k) members += ", " + std::to_string(k) + (k % 100 == 0 ? "\n" : "");
  const test::Compiled compiled(
      "generated.backfill",
      spec_with("  let a = case email {\n" + arms + "    else -> 0\n  }\n  let b = " + sum +
                "\n  scope { where seats not in (" + members + ") or a > 3 or b > 4 }"),
      test::catalog_of(kSchema));
  INFO(compiled.rendered().substr(0, 2000));
  CHECK_FALSE(compiled.sink.has_errors());
}

TEST_CASE("an empty file is BF0109") {
  CHECK(codes_of("") == std::vector<std::string>{"BF0109"});
  CHECK(codes_of("\n\n") == std::vector<std::string>{"BF0109"});
}

TEST_CASE("bytes that are no UTF-8 are BF0107") {
  for (const char* bytes : {"\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xE2\x82"}) {
    INFO(bytes);
    CHECK(codes_of(spec_with(std::string("  let a = '") + bytes + "'")) ==
          std::vector<std::string>{"BF0107"});
  }
}
