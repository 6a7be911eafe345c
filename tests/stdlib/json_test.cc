// SPDX-License-Identifier: Apache-2.0
// The canonical form: what is one value has one text, but for the zeros of its numbers; what is none is
// refused.
#include "stdlib/json.h"

#include <catch2/catch.hpp>

#include <string>

namespace {

using namespace backfill::stdlib;

std::string canonical(std::string_view text) {
  return json::canonical(text).value_or("refused");
}

std::string nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

}  // namespace

TEST_CASE("blanks go, members are in order, the last of duplicate keys stays") {
  CHECK(canonical(" { \"b\" : [ 1 , true , null ] ,\n\t\"a\":{} } ") == R"({"a":{},"b":[1,true,null]})");
  CHECK(canonical(R"({"a":1,"b":2,"a":3})") == R"({"a":3,"b":2})");
  CHECK(canonical(R"({"x":{"z":1,"y":2},"a":[{"d":1,"c":2}]})") ==
        R"({"a":[{"c":2,"d":1}],"x":{"y":2,"z":1}})");
  CHECK(canonical(R"({"":1,"\u0061":2,"a":3})") == R"({"":1,"a":3})");
}

TEST_CASE("numbers keep every digit, and are written plainly") {
  CHECK(canonical("12345678901234567890.123456789012345678901234567890") ==
        "12345678901234567890.123456789012345678901234567890");
  CHECK(canonical("1.50") == "1.50");
  CHECK(canonical("1e2") == "100");
  CHECK(canonical("1.50E+1") == "15.0");
  CHECK(canonical("12e-3") == "0.012");
  CHECK(canonical("-0") == "0");
  CHECK(canonical("-0.00") == "0.00");
  CHECK(canonical("-0.5e1") == "-5");
  CHECK(canonical("0.05e1") == "0.5");
  CHECK(canonical("0e99999999999999999999") == "0");
  CHECK(canonical("1e400").size() == 401);
  for (const std::string_view wrong : {"01", "+1", ".5", "5.", "1e", "-", "1e9999", "1e-9999", "NaN",
                                       "Infinity", "0x10", "1_000", "1 2", "99999e999999999999999999"})
    CHECK(canonical(wrong) == "refused");
}

TEST_CASE("strings have one spelling; what a text cannot hold stays escaped") {
  CHECK(canonical(R"("\u00e9\/\"\\\b\f\n\r\t\u0008\u001F\u007f")") ==
        "\"é/\\\"\\\\\\b\\f\\n\\r\\t\\b\\u001f\x7f\"");
  CHECK(canonical(R"("\ud83d\ude00")") == "\"😀\"");
  CHECK(canonical(R"("\uD83D")") == R"("\ud83d")");
  CHECK(canonical(R"("\ude00\ud83d")") == R"("\ude00\ud83d")");
  CHECK(canonical(R"("\ud83dx\ud83d\u0041")") == R"("\ud83dx\ud83dA")");
  CHECK(canonical(R"("a\u0000b")") == R"("a\u0000b")");
  CHECK(!json::unquoted(R"("a\u0000b")"));
  CHECK(!json::unquoted(R"("\ud83d")"));
  CHECK(json::unquoted(R"("\u001f\n\"")") == "\x1f\n\"");
  for (const std::string_view wrong :
       {R"("\u12")", R"("\x41")", R"("\ud83d\u12")", "\"a", "\"a\nb\"", R"("\)", "'a'"})
    CHECK(canonical(wrong) == "refused");
}

TEST_CASE("what is no JSON is refused") {
  for (const std::string_view wrong : {"", " ", "{", "[1,]", "{\"a\":1,}", "{\"a\"}", "{a:1}", "[1 2]", "nul",
                                       "true false", "[1]]", "{\"a\":}", ",", "//1", "\xef\xbb\xbf{}"})
    CHECK(canonical(wrong) == "refused");
  CHECK(canonical(std::string_view("1\0", 2)) == "refused");
}

TEST_CASE("depth and size have limits") {
  CHECK(canonical(nested(json::kMostDepth)) == nested(json::kMostDepth));
  CHECK(canonical(nested(json::kMostDepth + 1)) == "refused");
  CHECK(canonical(std::string(100'000, '[')) == "refused");
  const std::string large = "\"" + std::string(json::kMostBytes, 'x') + "\"";
  CHECK(canonical(large) == "refused");
  CHECK(canonical("\"" + std::string(1'000'000, 'x') + "\"").size() == 1'000'002);
}

TEST_CASE("the same value: by members and numbers") {
  const auto same = [](std::string_view left, std::string_view right) {
    return json::same(canonical(left), canonical(right));
  };
  CHECK(same(R"({"a":1.50,"b":[1e1]})", R"({"b":[10.0],"a":1.5})"));
  CHECK(same("0.00", "-0"));
  CHECK(!same(R"(["1.50"])", R"(["1.5"])"));
  CHECK(!same("[1,2]", "[2,1]"));
  CHECK(!same("[1]", "[1,1]"));
  CHECK(!same("12345678901234567890", "12345678901234567891"));
  CHECK(!same("{}", "[]"));
  CHECK(json::normal(canonical(R"({"a":[1.50,"1.50"]})")) == R"({"a":[1.5,"1.50"]})");
}

TEST_CASE("order: numbers by value, texts by bytes, null last") {
  const auto order = [](std::string_view left, std::string_view right) {
    return json::order(canonical(left), canonical(right));
  };
  CHECK(order("2", "10") < 0);
  CHECK(order("-2", "-10") > 0);
  CHECK(order("-1", "1") < 0);
  CHECK(order("1.50", "1.5") == 0);
  CHECK(order("1.05", "1.5") < 0);
  CHECK(order("0.9", "1") < 0);
  CHECK(order(R"("Z")", R"("a")") < 0);
  CHECK(order(R"("\n")", R"("A")") < 0);
  CHECK(order("null", R"("a")") > 0);
}

TEST_CASE("parts of documents") {
  const std::string document = canonical(R"({"list":[10,[20],{"x":"]}"}],"te\"xt":"a"})");
  CHECK(json::member(document, R"("list")") == R"([10,[20],{"x":"]}"}])");
  CHECK(json::member(document, json::quoted("te\"xt")) == "\"a\"");
  CHECK(!json::member(document, R"("other")"));
  CHECK(!json::member("[1]", R"("a")"));
  const std::string_view list = *json::member(document, R"("list")");
  CHECK(json::element(list, 2) == R"({"x":"]}"})");
  CHECK(json::element(list, -3) == "10");
  CHECK(!json::element(list, -4));
  CHECK(!json::element(list, 3));
  CHECK(json::count(list) == 3);
  CHECK(json::count("[]") == 0);
  CHECK(json::count("{}") == 0);
}
