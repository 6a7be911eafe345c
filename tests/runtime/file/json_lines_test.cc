// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/file/written.h"

using namespace backfill;
using file_test::read_all;
using file_test::source_at;
using file_test::Written;
using stdlib::Kind;

namespace {

std::string read_some(const std::string& text) {
  const Written file("legacy.jsonl", text);
  return read_all(source_at(file.path(), {{"a", stdlib::text()},
                                          {"n", stdlib::make(Kind::Int64).or_missing()},
                                          {"d", stdlib::decimal(20, 4).or_missing()}}));
}

}  // namespace

TEST_CASE("an object on each line; what it has beside is left out, what it lacks is missing") {
  CHECK(
      read_some(
          "{\"a\":\"x\",\"n\":1}\n\n  {\"other\":[1],\"n\":null, \"a\" : \"y\\u00e9\\n\"}\r\n{\"a\":\"\"}") ==
      "1: 'x' 1 missing\n3: 'y\xc3\xa9\n' missing missing\n4: '' missing missing\n");
}

TEST_CASE("numbers keep every digit, and a string is read as a field of a CSV is") {
  CHECK(read_some("{\"a\":\"x\",\"n\":9223372036854775807,\"d\":1234567890123456.7891}\n"
                  "{\"a\":\"x\",\"n\":\" -5\",\"d\":\"0.1\"}\n") ==
        "1: 'x' 9223372036854775807 1234567890123456.7891\n2: 'x' -5 0.1000\n");
}

TEST_CASE("what does not fit is named with what was seen") {
  CHECK(read_some("{\"a\":1}\n{\"n\":1}\n{\"a\":null}\n{\"a\":\"x\",\"n\":1.5}\n{\"a\":\"x\",\"n\":true}\n"
                  "[1]\n{\"a\":\n{\"a\":\"\\ud800\"}\n{\"a\":\"\xff\"}\n{\"a\":\"x\",\"n\":[1,2]}\nnull\n") ==
        "1! `a` is the number 1, and text was expected\n"
        "2! `a` is missing, which only `a: text?` may be\n"
        "3! `a` is missing, which only `a: text?` may be\n"
        "4! `n` is '1.5', and int64 was expected, such as 42\n"
        "5! `n` is the boolean true, and int64 was expected, such as 42\n"
        "6! it is array, and no object\n"
        "7! it is no JSON\n"
        "8! `a` is \"\\ud800\", and text was expected\n"
        "9! it is not UTF-8\n"
        "10! `n` is the array [1,2], and int64 was expected, such as 42\n"
        "11! it is null, and no object\n");
}

TEST_CASE("a document is kept whole, in its canonical form") {
  const Written file("legacy.ndjson", "{\"j\":{\"b\":[1.50,null],\"a\":\"x\"}}\n{\"j\":\"text\"}\n");
  CHECK(read_all(source_at(file.path(), {{"j", stdlib::make(Kind::Json)}})) ==
        "1: '{\"a\":\"x\",\"b\":[1.50,null]}'\n2: '\"text\"'\n");
}

TEST_CASE("names of fields that JSON must quote") {
  const Written file("legacy.jsonl", "{\"a \\\"b\\\"\":\"x\",\"\\u00e9\":\"y\"}\n");
  CHECK(read_all(source_at(file.path(), {{"a \"b\"", stdlib::text()}, {"\xc3\xa9", stdlib::text()}})) ==
        "1: 'x' 'y'\n");
}
