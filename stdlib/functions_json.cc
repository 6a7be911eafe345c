// SPDX-License-Identifier: Apache-2.0
// Functions of JSON documents. In SQL a document is a jsonb; SQLite and MariaDB have no exact form of it.
#include <fmt/format.h>

#include <vector>

#include "stdlib/json.h"
#include "stdlib/native_json.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_json;

const Parameter kDocument = {"document", make(Kind::Json)};
const Parameter kPath = {"path", make(Kind::Json)};
const Parameter kKey = {"key", text()};

Type list_of_text(std::span<const Type>) {
  return list_of(text());
}

// Missing only if both are: one alone begins a document, or leaves it.
Type first_or_last(std::span<const Type> types) {
  Type type = make(Kind::Json);
  type.optional = types.front().optional && types.back().optional;
  return type;
}
Type as_document(std::span<const Type> types) {
  Type type = make(Kind::Json);
  type.optional = types.front().optional;
  return type;
}

Row& elsewhere(Row& row) {
  return row.sqlite(unavailable(kNoExactJson)).mariadb(unavailable(kNoExactJson));
}

// A text as a literal inside of a template.
std::string spelled(std::string_view text) {
  std::string result = "'";
  for (const char c : text) {
    result += c;
    if (c == '\'' || c == '{' || c == '}') result += c;
  }
  return result + "'";
}

// The keys of a literal path; empty where it has positions, or names that are no texts.
std::vector<std::string> keys_of(const Value* path) {
  constexpr std::size_t kLongest = 8;  // the SQL grows with the square
  std::vector<std::string> keys;
  bool only_keys = path != nullptr && json::count(path->text()) <= kLongest;
  if (only_keys) {
    json::each_element(path->text(), [&](std::string_view step) {
      const auto key = step[0] == '"' ? json::unquoted(step) : std::nullopt;
      only_keys = key.has_value();
      if (only_keys) keys.push_back(spelled(*key));
      return only_keys;
    });
  }
  return only_keys ? keys : std::vector<std::string>();
}

// What stands at `at` once {2} stands at the end of the keys from `k` on. Rows that fail get NULL.
std::string set_below(const std::string& at, const std::vector<std::string>& keys, std::size_t k) {
  if (k == keys.size()) return "{2}";
  const std::string& key = keys[k];
  const std::string begun = fmt::format("jsonb_build_object({}, {})", key, set_below("", keys, k + 1));
  if (at.empty()) return begun;
  const std::string inside = set_below(fmt::format("jsonb_object_field({}, {})", at, key), keys, k + 1);
  return fmt::format(
      "CASE WHEN {0} IS NULL OR jsonb_typeof({0}) = 'null' THEN {1} WHEN jsonb_typeof({0}) = 'object' THEN "
      "{0} "
      "|| jsonb_build_object({2}, {3}) END",
      at, begun, key, inside);
}

std::string postgres_set(std::span<const Value* const> literals) {
  const std::vector<std::string> keys = keys_of(literals[1]);
  if (keys.empty()) return {};
  return fmt::format("CASE WHEN {{2:41}} IS NULL THEN {{0}} ELSE {} END", set_below("{0:100}", keys, 0));
}

std::string remove_below(const std::string& at, const std::vector<std::string>& keys, std::size_t k) {
  if (k + 1 == keys.size())
    return fmt::format("CASE WHEN jsonb_typeof({0}) = 'object' THEN {0} - {1} ELSE {0} END", at, keys[k]);
  const std::string inside = fmt::format("jsonb_object_field({}, {})", at, keys[k]);
  return fmt::format("CASE WHEN {0} IS NOT NULL THEN {1} || jsonb_build_object({2}, {3}) ELSE {1} END",
                     inside, at, keys[k], remove_below(inside, keys, k + 1));
}

std::string postgres_remove(std::span<const Value* const> literals) {
  const std::vector<std::string> keys = keys_of(literals[1]);
  return keys.empty() ? "" : remove_below("{0:100}", keys, 0);
}

// Its keys are literals: the checker sees to that.
std::string postgres_object(std::span<const Value* const> literals) {
  std::string result = "jsonb_build_object(";
  for (std::size_t k = 0; k + 1 < literals.size(); k += 2) {
    const auto key = literals[k] == nullptr ? std::nullopt : json::unquoted(literals[k]->text());
    if (!key) return {};
    result += fmt::format("{}{}, {{{}}}", k == 0 ? "" : ", ", spelled(*key), k + 1);
  }
  return result + ")";
}

SqlTemplate special(std::string (*of)(std::span<const Value* const>), std::string_view reason) {
  return {Availability::Wrapped, {}, 100, reason, of};
}

void add_reading(std::vector<Function>& table) {
  elsewhere(Row(table, "json", "json_get", {kDocument, kKey}, always<Kind::Json>)
                .body(native<&body::get>("bf_json_get"))
                .nulls(NullRule::Finds)
                .postgres(wrapped("jsonb_object_field({0}, {1})"))
                .doc("the member of that name; missing where there is none: `document['key']`")
                .examples({{R"(json_get('{"a": 1.50}' as json, 'a'))", "'1.50' as json"},
                           {R"(json_get('{"a": 1, "a": 2}' as json, 'a'))", "'2' as json"},
                           {R"(json_get('{"a": null}' as json, 'a'))", "'null' as json"},
                           {R"(json_get('[1]' as json, 'a'))", "missing"}}));
  elsewhere(
      Row(table, "json", "json_get", {kDocument, {"position", make(Kind::Int32)}}, always<Kind::Json>)
          .body(native<&body::get_at>("bf_json_get_at"))
          .nulls(NullRule::Finds)
          .postgres(wrapped("CASE WHEN jsonb_typeof({0}) = 'array' THEN jsonb_array_element({0}, {1}) END"))
          .doc("the element at that position, from 0 or, if negative, from the end: `document[0]`")
          .examples({{"json_get('[10, 20]' as json, 1)", "'20' as json"},
                     {"json_get('[10, 20]' as json, -2)", "'10' as json"},
                     {"json_get('[10, 20]' as json, 2)", "missing"}}));
  elsewhere(Row(table, "json", "has_key", {kDocument, kKey}, always<Kind::Bool>)
                .body(native<&body::has_key>("bf_json_has_key"))
                .postgres(wrapped("CASE WHEN {1:41} IS NOT NULL THEN jsonb_typeof({0}) = 'object' AND "
                                  "jsonb_exists({0}, {1}) END"))
                .doc("does the object have that member, be it null?")
                .examples({{R"(has_key('{"a": null}' as json, 'a'))", "true"},
                           {R"(has_key('{"a": 1}' as json, 'b'))", "false"},
                           {R"(has_key('["a"]' as json, 'a'))", "false"}}));
  elsewhere(Row(table, "json", "json_type", {kDocument}, always<Kind::Text>)
                .body(native<&body::type>("bf_json_type"))
                .postgres(same("jsonb_typeof({0})"))
                .doc("object, array, string, number, boolean or null")
                .examples({{"json_type('[1]' as json)", "'array'"},
                           {"json_type('null' as json)", "'null'"},
                           {"json_type('1e2' as json)", "'number'"}}));
  elsewhere(
      Row(table, "json", "json_length", {kDocument}, always<Kind::Int32>)
          .body(native<&body::length>("bf_json_length"))
          .fails({RowError::OutOfDomain})
          .postgres(wrapped("CASE jsonb_typeof({0}) WHEN 'array' THEN jsonb_array_length({0}) WHEN "
                            "'object' THEN (SELECT CAST(count(*) AS int4) FROM jsonb_object_keys({0})) END"))
          .doc("how many elements or members it has")
          .examples({{"json_length('[1, 2]' as json)", "2"},
                     {R"(json_length('{"a": 1, "a": 2}' as json))", "1"},
                     {"json_length('7' as json)", "error: argument out of domain"}}));
  elsewhere(Row(table, "json", "json_keys", {kDocument}, list_of_text)
                .body(native<&body::keys>("bf_json_keys"))
                .fails({RowError::OutOfDomain, RowError::Overflow})
                .postgres(wrapped("CASE WHEN jsonb_typeof({0}) = 'object' THEN coalesce((SELECT jsonb_agg(k "
                                  "ORDER BY k COLLATE \"C\") FROM jsonb_object_keys({0}) AS k), '[]') END"))
                .doc("the names of its members, in the order of their bytes")
                .examples({{R"(json_keys('{"b": 1, "aa": 2}' as json) as json)", R"('["aa","b"]' as json)"},
                           {"json_keys('{}' as json) as json", "'[]' as json"},
                           {"json_keys('[]' as json) as json", "error: argument out of domain"}}));
  elsewhere(Row(table, "json", "json_elements", {kDocument}, always<Kind::Json>)
                .body(native<&body::elements>("bf_json_elements"))
                .nulls(NullRule::Finds)
                .fails({RowError::OutOfDomain})
                .postgres(wrapped("CASE WHEN jsonb_typeof({0}) = 'array' THEN {0} END"))
                .doc("the document, which must be an array; missing where it is null")
                .examples({{"json_elements('[1]' as json)", "'[1]' as json"},
                           {"json_elements('null' as json)", "missing"},
                           {"json_elements('{}' as json)", "error: argument out of domain"}}));
  elsewhere(Row(table, "json", "json_present", {kDocument}, always<Kind::Json>)
                .body(native<&body::present>("bf_json_present"))
                .fails({RowError::ConversionFailed})
                .postgres(wrapped("CASE WHEN jsonb_typeof({0}) <> 'null' THEN {0} END"))
                .doc("the document, which must not be null")
                .examples({{"json_present('1' as json)", "'1' as json"},
                           {"json_present('null' as json)", "error: conversion failed"},
                           {"json_present(missing as json)", "missing"}}));
  elsewhere(
      Row(table, "json", "json_text", {kDocument}, always<Kind::Text>)
          .body(native<&body::text>("bf_json_text"))
          .postgres(unavailable("PostgreSQL writes blanks, and orders members by the length of their names"))
          .doc("the document as canonical text: no blanks, members in the order of their names")
          .examples({{R"(json_text('{"b": 1e2, "a": [true]}' as json))", R"('{"a":[true],"b":100}')"},
                     {R"(json_text('"\u00e9\u0007"' as json))", R"('"é\u0007"')"},
                     {"json_text(missing as json)", "missing"}}));
}

void add_making(std::vector<Function>& table) {
  elsewhere(Row(table, "json", "json_object", {{"member", make(Kind::Json)}}, always<Kind::Json>)
                .variadic()
                .body(native<&body::object>("bf_json_object"))
                .nulls(NullRule::NeverMissing)
                .fails({RowError::Overflow})
                .postgres(special(postgres_object, "its names must be literals"))
                .doc("an object of these members; what is missing is null in it")
                .examples({{"json_object(theme: 'dark', size: 2)", R"('{"size":2,"theme":"dark"}' as json)"},
                           {"json_object(a: missing)", R"('{"a":null}' as json)"},
                           {"json_object(a: json_object(b: 1.50))", R"('{"a":{"b":1.50}}' as json)"}}));
  elsewhere(Row(table, "json", "json_array", {{"element", make(Kind::Json)}}, always<Kind::Json>)
                .variadic()
                .body(native<&body::array>("bf_json_array"))
                .nulls(NullRule::NeverMissing)
                .fails({RowError::Overflow})
                .postgres(same("jsonb_build_array({*0})"))
                .doc("an array of these elements; what is missing is null in it")
                .examples({{"json_array('a', 1, true)", R"('["a",1,true]' as json)"},
                           {"json_array(missing)", "'[null]' as json"},
                           {"json_array(json_array(1.50))", "'[[1.50]]' as json"}}));
}

void add_changing(std::vector<Function>& table) {
  const std::string_view no_literal = "its path must be one of literal keys";
  elsewhere(
      Row(table, "json", "json_set", {kDocument, kPath, {"value", make(Kind::Json)}}, first_or_last)
          .body(native<&body::set>("bf_json_set"))
          .nulls(NullRule::Decides)
          .fails({RowError::OutOfDomain, RowError::Overflow})
          .postgres(special(postgres_set, no_literal))
          .doc("with the value at the path, whose parents are created; a missing value changes nothing, a "
               "missing document is begun: `json_set(document, 'a', 'b', value)`")
          .examples(
              {{R"(json_set('{"a": 1}' as json, '["b", "c"]' as json, '2' as json))",
                R"('{"a":1,"b":{"c":2}}' as json)"},
               {R"(json_set('{"a": [1]}' as json, '["a", 1]' as json, '2' as json))",
                R"('{"a":[1,2]}' as json)"},
               {R"(json_set(missing as json, '["a"]' as json, 'true' as json))", R"('{"a":true}' as json)"},
               {R"(json_set('{"a": 1}' as json, '["a"]' as json, missing as json))", R"('{"a":1}' as json)"},
               {R"(json_set('{"a": 1}' as json, '["a", "b"]' as json, '2' as json))",
                "error: argument out of domain"}}));
  elsewhere(
      Row(table, "json", "json_remove", {kDocument, kPath}, as_document)
          .body(native<&body::remove>("bf_json_remove"))
          .nulls(NullRule::Decides)
          .fails({RowError::OutOfDomain, RowError::Overflow})
          .postgres(special(postgres_remove, no_literal))
          .doc("without what stands at the path: `json_remove(document, 'a', 'b')`")
          .examples(
              {{R"(json_remove('{"a": 1, "b": 2}' as json, '["a"]' as json))", R"('{"b":2}' as json)"},
               {R"(json_remove('{"a": [1, 2]}' as json, '["a", 0]' as json))", R"('{"a":[2]}' as json)"},
               {R"(json_remove('{"a": 1}' as json, '["x", "y"]' as json))", R"('{"a":1}' as json)"},
               {R"(json_remove('{"a": 1}' as json, '[]' as json))", "error: argument out of domain"}}));
  elsewhere(
      Row(table, "json", "json_rename", {kDocument, kPath, {"name", text()}}, as_document)
          .body(native<&body::rename>("bf_json_rename"))
          .nulls(NullRule::Decides)
          .fails({RowError::OutOfDomain, RowError::Overflow})
          .doc(
              "with another name for the member at the path, which must be free: `json_rename(document, 'a', "
              "'b')`")
          .examples({{R"(json_rename('{"a": 1}' as json, '["a"]' as json, 'b'))", R"('{"b":1}' as json)"},
                     {R"(json_rename('{"b": 1}' as json, '["a"]' as json, 'b'))", R"('{"b":1}' as json)"},
                     {R"(json_rename('{"a": 1, "b": 2}' as json, '["a"]' as json, 'b'))",
                      "error: argument out of domain"}}));
  elsewhere(
      Row(table, "json", "json_merge", {{"left", make(Kind::Json)}, {"right", make(Kind::Json)}},
          first_or_last)
          .body(native<&body::merge>("bf_json_merge"))
          .nulls(NullRule::Decides)
          .fails({RowError::OutOfDomain, RowError::Overflow})
          .postgres(wrapped(
              "CASE WHEN {0:41} IS NULL THEN {1} WHEN {1:41} IS NULL THEN {0} WHEN "
              "jsonb_typeof({0}) = 'object' AND jsonb_typeof({1}) = 'object' THEN {0:100} || {1:100} END"))
          .doc("the members of both objects, the right one's where both have them; one that is missing adds "
               "nothing")
          .examples({{R"(json_merge('{"a": 1, "b": 1}' as json, '{"b": 2}' as json))",
                      R"('{"a":1,"b":2}' as json)"},
                     {R"(json_merge(missing as json, '{"b": 2}' as json))", R"('{"b":2}' as json)"},
                     {"json_merge('[]' as json, '{}' as json)", "error: argument out of domain"}}));
}

struct Compared {
  std::string_view name, sql, doc;
  Body body;
  NullRule rule;
  std::string_view of_equal, of_other, of_missing;
};

void add_comparisons_of(std::vector<Function>& table, Kind kind, const Compared& op) {
  const auto pair = [&](std::string_view left, std::string_view right) {
    return kind == Kind::Json ? keep(fmt::format("'{}' as json {} '{}' as json", left, op.name, right))
                              : keep(fmt::format("json_keys('{}' as json) {} json_keys('{}' as json)", left,
                                                 op.name, right));
  };
  const std::string_view one = R"({"a": 1.50, "b": [1]})", same_one = R"({"b": [1.0], "a": 1.5})";
  elsewhere(
      Row(table, "operator", op.name, {{"left", make(kind)}, {"right", make(kind)}}, always<Kind::Bool>)
          .as_operator()
          .body(op.body)
          .nulls(op.rule)
          .postgres(wrapped(keep(fmt::format("{{0:100}} {} {{1:41}}", op.sql)), 40))
          .doc(op.doc)
          .examples({{pair(one, same_one), op.of_equal},
                     {pair(one, R"({"a": 1.50})"), op.of_other},
                     {keep(fmt::format(
                          "{} {} {}", kind == Kind::Json ? "missing as json" : "json_keys(missing as json)",
                          op.name, kind == Kind::Json ? "'1' as json" : "json_keys('{}' as json)")),
                      op.of_missing}}));
}

void add_comparing(std::vector<Function>& table, Kind kind) {
  const bool lists = kind == Kind::List;
  const std::string_view same = "the same value: members whatever their order, numbers by value";
  add_comparisons_of(table, kind,
                     {"=", "=", same,
                      lists ? native<&body::same_lists>("bf_list_same") : native<&body::same>("bf_json_same"),
                      NullRule::MissingIfAny, "true", "false", "missing"});
  add_comparisons_of(
      table, kind,
      {"!=", "<>", "not the same value",
       lists ? native<&body::differ_lists>("bf_list_differ") : native<&body::differ>("bf_json_differ"),
       NullRule::MissingIfAny, "false", "true", "missing"});
  add_comparisons_of(
      table, kind,
      {"is distinct from", "IS DISTINCT FROM", "they differ, missing being the same as missing",
       lists ? native<&body::distinct_lists>("bf_list_distinct")
             : native<&body::distinct>("bf_json_distinct"),
       NullRule::NeverMissing, "false", "true", "true"});
  add_comparisons_of(
      table, kind,
      {"is not distinct from", "IS NOT DISTINCT FROM", "they are the same, missing being the same as missing",
       lists ? native<&body::not_distinct_lists>("bf_list_not_distinct")
             : native<&body::not_distinct>("bf_json_not_distinct"),
       NullRule::NeverMissing, "true", "false", "false"});
}

}  // namespace

void add_json(std::vector<Function>& table) {
  add_reading(table);
  add_making(table);
  add_changing(table);
  add_comparing(table, Kind::Json);
  add_comparing(table, Kind::List);
}

}  // namespace backfill::stdlib
