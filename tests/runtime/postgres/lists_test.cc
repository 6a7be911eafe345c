// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/lists.h"

#include <catch2/catch.hpp>

#include "runtime/database/postgres/field.h"

using namespace backfill;
using namespace backfill::database::postgres;

namespace {

// There and back, without the field's length.
std::optional<std::string> through_array(std::string_view list, std::string_view type) {
  std::string field;
  if (!put_array(field, list, element_oid(type))) {
    CHECK(field.empty());
    return std::nullopt;
  }
  return list_of_array(std::string_view(field).substr(4), *list_element(type));
}

std::string literal(std::string_view list) {
  std::string field;
  return put_array_literal(field, list) ? field.substr(4) : "refused";
}

}  // namespace

TEST_CASE("a list becomes an array and is the same list again") {
  for (const char* list :
       {"[]", R"(["a"])", R"(["","a,b","{}","NULL","\"q\"","back\\slash","line\nfeed","日本"])"})
    CHECK(through_array(list, "text[]") == list);
  CHECK(through_array("[1,-32768,32767]", "smallint[]") == "[1,-32768,32767]");
  CHECK(through_array("[2147483647]", "integer[]") == "[2147483647]");
  CHECK(through_array("[-9223372036854775808]", "bigint[]") == "[-9223372036854775808]");
  CHECK(through_array("[true,false]", "boolean[]") == "[true,false]");
  CHECK(through_array("[null,1]", "integer[]") == "[null,1]");
  CHECK(through_array(R"([null,"null"])", "text[]") == R"([null,"null"])");
  CHECK(through_array(R"(["a"])", "character varying(3)[]") == R"(["a"])");
}

TEST_CASE("what is no element of the array's type is refused") {
  CHECK_FALSE(through_array("[32768]", "smallint[]"));
  CHECK_FALSE(through_array("[1.5]", "integer[]"));
  CHECK_FALSE(through_array("[1]", "text[]"));
  CHECK_FALSE(through_array(R"(["\u0000"])", "text[]"));
  CHECK_FALSE(through_array(R"({"a":1})", "text[]"));
  CHECK(literal("[[1]]") == "refused");
}

TEST_CASE("a literal quotes what an array would read as its own") {
  CHECK(literal("[]") == "{}");
  CHECK(literal(R"(["NULL","a,b","{x}","\"q\"","\\"])") == R"({"NULL","a,b","{x}","\"q\"","\\"})");
  CHECK(literal("[1,true,null]") == R"({"1","true",NULL})");
}

TEST_CASE("arrays of several dimensions, or cut off, are no lists") {
  using std::string_view_literals::operator""sv;
  constexpr auto kTwo = "\0\0\0\2\0\0\0\0\0\0\0\x19\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1\0\0\0\1x"sv;
  CHECK_FALSE(list_of_array(kTwo, stdlib::text()));
  CHECK_FALSE(list_of_array("\0\0"sv, stdlib::text()));
}
