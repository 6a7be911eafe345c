// SPDX-License-Identifier: Apache-2.0
#include "compiler/source/source.h"
#include "catch2/catch.hpp"

using namespace backfill::source;

TEST_CASE("positions count characters, and UTF-16 units for editors") {
  const File file("a", "ab\n\xC3\xA9\xF0\x9F\x98\x80z\r\n");
  CHECK(file.position(0).line == 1);
  CHECK(file.position(3).line == 2);
  CHECK(file.position(9).column == 3);        // z: after é and 😀
  CHECK(file.position(9).utf16_column == 3);  // 😀 is two units
  CHECK(file.position(999).line == 3);
  CHECK(file.line_count() == 3);
}

TEST_CASE("a line is given without its end") {
  const File file("a", "ab\ncd\r\n");
  CHECK(file.text(file.line_at(1)) == "ab");
  CHECK(file.text(file.line_at(4)) == "cd");
  CHECK(file.text(Span{5, 99}) == "\r\n");
  CHECK(File("e", "").line_at(0) == Span{0, 0});
}

TEST_CASE("a file that is not there is a failure") {
  const auto read = read_file("/no/such/file");
  REQUIRE_FALSE(read.ok());
  CHECK(read.failure().message.find("/no/such/file") != std::string::npos);
}

TEST_CASE("a directory is named as one") {
  const auto read = read_file("/tmp");
  REQUIRE_FALSE(read.ok());
  CHECK(read.failure().message == "`/tmp` is a directory");
}
