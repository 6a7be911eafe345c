// SPDX-License-Identifier: Apache-2.0
// JSON documents and lists in a real table: native code against the evaluator, and what is stored then.
#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <array>
#include <random>

#include "stdlib/json.h"
#include "tests/differential/three_ways.h"

namespace {

using namespace backfill;

std::string quoted(std::string_view text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? std::string("''") : std::string(1, c);
  return result + "'";
}

// One row per document; `out` is declared so.
std::string table_of(const std::vector<std::string>& documents, const std::string& out) {
  std::string ddl =
      "CREATE TABLE t (id INTEGER PRIMARY KEY, out " + out + ", doc JSON, n INTEGER, s TEXT);\n";
  int id = 0;
  for (const std::string& document : documents) {
    ++id;
    const std::string number = id % 3 == 0 ? "NULL" : std::to_string(id);
    ddl += fmt::format("INSERT INTO t VALUES ({}, NULL, {}, {}, '{},b,,c');\n", id,
                       document == "NULL" ? document : quoted(document), number, id);
  }
  return ddl;
}

test::Compared agree(const std::vector<std::string>& documents, const std::string& out,
                     const std::string& expression) {
  test::Compared compared = test::three_ways(table_of(documents, out), test::spec_of("out", expression));
  INFO(expression << compared.refusal << compared.difference);
  CHECK(compared.compiles);
  CHECK(compared.difference.empty());
  return compared;
}

// What a run writes into `out`, quoted by SQLite.
void writes(const std::string& document, const std::string& out, const std::string& expression,
            const std::string& expected) {
  INFO(document << " " << expression);
  CHECK(agree({document}, out, expression).written == expected);
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + "1" + std::string(depth, ']');
}

class Documents {
 public:
  explicit Documents(unsigned seed) : random_(seed) {}
  std::string any(int depth) {
    constexpr std::array plain = {
        "1",     "2.50",     "-7",   "1e3", "null",        "true",        "false",
        "\"a\"", "\"é\\n\"", "\"\"", "0.0", "\"\\ud83d\"", "\"\\u0000\"", "12345678901234567890.10"};
    const auto pick = random_() % (depth > 0 ? 4 : 2);
    if (pick < 2) return plain[random_() % plain.size()];
    std::string made;
    for (auto count = random_() % 4; count-- > 0;) {
      constexpr std::array keys = {"\"a\"", "\"b\"", "\"ids\"", "\"x y\"", "\"\\u0061\""};
      made += made.empty() ? "" : " , ";
      if (pick == 2) made += std::string(keys[random_() % keys.size()]) + ":";
      made += any(depth - 1);
    }
    return pick == 2 ? "{" + made + "}" : "[" + made + "]";
  }
  std::mt19937& random() { return random_; }

 private:
  std::mt19937 random_;
};

}  // namespace

TEST_CASE("a path is written, everything else stays") {
  const std::string document = R"({"z":1.50,"big":12345678901234567890,"a":{"x":[1]}})";
  writes(document, "JSON", "json_set(doc, 'a', 'theme', 'dark')",
         R"('{"a":{"theme":"dark","x":[1]},"big":12345678901234567890,"z":1.50}')");
  writes(document, "JSON", "json_set(doc, 'a', 'x', 1, 2.50)",
         R"('{"a":{"x":[1,2.50]},"big":12345678901234567890,"z":1.50}')");
  writes(document, "JSON", "json_set(doc, 'a', s as int64 or missing)",
         R"('{"a":{"x":[1]},"big":12345678901234567890,"z":1.50}')");
  writes("NULL", "JSON", "json_set(doc, 'a', 'b', true)", R"('{"a":{"b":true}}')");
  writes(document, "JSON", "json_remove(doc, 'a', 'x', 0)",
         R"('{"a":{"x":[]},"big":12345678901234567890,"z":1.50}')");
  writes(document, "JSON", "json_rename(doc, 'a', 'b')",
         R"('{"b":{"x":[1]},"big":12345678901234567890,"z":1.50}')");
  writes(document, "JSON", "json_merge(doc, json_object(z: missing))",
         R"('{"a":{"x":[1]},"big":12345678901234567890,"z":null}')");
}

TEST_CASE("what would be lost is a row error") {
  for (const std::string_view expression : {"json_set(doc, 'a', 'b', 1)", "json_set(doc, 0, 1)",
                                            "json_set(doc, 'l', 5, 1)", "json_rename(doc, 'a', 'l')"}) {
    INFO(expression);
    CHECK(agree({R"({"a":1,"l":[0]})"}, "JSON", std::string(expression)).failed == 1);
  }
}

TEST_CASE("what is no document is unreadable") {
  for (const std::string& document :
       {std::string("{bad"), std::string("[1,]"), nested(501), std::string("1e5000"), std::string("")}) {
    INFO(document.substr(0, 20));
    CHECK(agree({document}, "TEXT", "doc['a'] as text").failed == 1);
  }
  CHECK(agree({nested(500)}, "BIGINT", "json_length(doc)").failed == 0);
}

TEST_CASE("documents that are numbers survive the column's affinity") {
  writes("12", "BIGINT", "doc as int64", "12");
  writes("1.5", "TEXT", "doc as text", "'1.5'");
  writes("[1]", "JSON", "to_json(n)", "1");
  CHECK(agree({"[1]"}, "JSON", "'12345678901234567890.5' as json").failed == 1);
}

TEST_CASE("a huge document is walked, not copied without end") {
  std::string list = "[0";
  for (int k = 1; k < 100'000; ++k) list += fmt::format(",{}", k);
  const std::string document = R"({"ids":)" + list + "]}";
  writes(document, "BIGINT", "sum([x as int64 for x in doc['ids'] if (x as int64) % 2 = 0])", "2499950000");
  writes(document, "BIGINT", "length([json_array(x, 'a') for x in doc['ids']])", "100000");
}

TEST_CASE("lists, row by row") {
  const std::vector<std::string> documents = {R"({"ids":[3,1,2.0,2]})",
                                              R"({"ids":[]})",
                                              R"({"ids":null})",
                                              "{}",
                                              "NULL",
                                              R"({"ids":[1,"x"]})",
                                              R"({"ids":{"a":1}})",
                                              R"({"ids":[null,1]})",
                                              "[1,2]",
                                              R"({"ids":[9223372036854775807,1]})",
                                              "7",
                                              "\"s\""};
  for (const std::string_view expression :
       {"sum([x as int64 for x in doc['ids']])", "length(doc['ids'] as [int64])",
        "length(doc['ids'] as [int64?])", "max([x as int64 or missing for x in doc['ids']])",
        "([x as int64 + n for x in doc['ids']])[-1]",
        "([x as int64 for x in doc['ids'] if (x as int64 or 0) > n])[0]",
        "case { n > 3 -> length([x as int64 for x in doc['ids']]), else -> n }",
        "sum([sum([length(w) for w in string_to_array(s, ',')]) + length(a) for a in string_to_array(s, "
        "',')])",
        "length([x for x in string_to_array(s, ',') if x in ([y || 'c' for y in ['', 'b', s ?? '']])])",
        "(first(string_to_array(s, ',')) as int64) + (min([n, 5]) ?? 0)", "json_length(doc)",
        "([[x as int64] for x in doc['ids']])[0][0]"}) {
    agree(documents, "BIGINT", std::string(expression));
  }
  for (const std::string_view expression :
       {"array_to_string([upper(t as text) for t in doc['ids']], '-')", "json_text(doc['ids'])",
        "json_type(doc['ids'])", "array_to_string(json_keys(doc), ',')", "doc['ids'][0] as text or 'none'",
        "array_to_string(array_sort(array_distinct([x as decimal(20, 2) for x in doc['ids']])), ' ')",
        "array_to_string(array_slice(string_to_array(s, ','), 1, n as int32), '/')"}) {
    agree(documents, "TEXT", std::string(expression));
  }
  for (const std::string_view expression :
       {"doc = json_object(ids: json_array(3, 1, 2, 2.00))", "doc['ids'] is distinct from doc",
        "doc in ('[1, 2]' as json, '7' as json)", "(doc['ids'] as [json]) = [to_json(n ?? 0)]",
        "2 in (doc['ids'] as [int64])", "has_key(doc, 'ids')",
        "contains([x as int64 or missing for x in doc['ids']], n)"}) {
    agree(documents, "BOOLEAN", std::string(expression));
  }
}

TEST_CASE("random documents") {
  Documents documents(7);
  std::vector<std::string> rows;
  for (int k = 0; k < 400; ++k) rows.push_back(documents.any(4));
  for (const std::string_view expression :
       {"json_set(doc, 'a', 'b', n)", "json_set(doc, 'a', 0, json_array(n, s))", "json_remove(doc, 'b')",
        "json_rename(doc, 'a', 'ids')", "json_merge(doc, json_object(q: s))", "doc['a']",
        "doc['ids'][0] ?? doc[-1]",
        "to_json([json_object(v: x, n: n) for x in doc if json_type(x) != 'null'])",
        "json_array(doc['a'] as text or missing, doc['b'] as int64 or -1, doc['ids'] as bool or missing)"}) {
    agree(rows, "JSON", std::string(expression));
  }
}
