// SPDX-License-Identifier: Apache-2.0
// Functions over lists. Those that give an element give it as JSON: the checker converts it to the list's own
// type (check/list.cc). In SQL a list is a jsonb array.
#include "stdlib/native_list.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_list;

const Parameter kList = {"list", make(Kind::List)};

Type list_of_text(std::span<const Type>) {
  return list_of(text());
}

Row& elsewhere(Row& row) {
  return row.sqlite(unavailable(kNoExactJson)).mariadb(unavailable(kNoExactJson));
}

void add_reading(std::vector<Function>& table) {
  elsewhere(Row(table, "list", "length", {kList}, always<Kind::Int32>)
                .body(native<&body::length>("bf_list_length"))
                .postgres(same("jsonb_array_length({0})"))
                .doc("how many elements it has")
                .examples({{"length(['a', 'b'])", "2"},
                           {"length(string_to_array('', ','))", "0"},
                           {"length((missing as [text]))", "missing"}}));
  elsewhere(
      Row(table, "list", "contains", {kList, {"element", make(Kind::Json)}}, always<Kind::Bool>)
          .body(native<&body::contains>("bf_list_contains"))
          .postgres(wrapped("CASE WHEN {0:41} IS NOT NULL AND {1:41} IS NOT NULL THEN EXISTS (SELECT 1 FROM "
                            "jsonb_array_elements({0}) AS e(v) WHERE e.v = {1}) END"))
          .doc("is the value one of its elements? `x in (list)` asks the same")
          .examples({{"contains(['a', 'b'], to_json('b'))", "true"},
                     {"contains(['a', 'b'], to_json('c'))", "false"},
                     {"contains((missing as [text]), to_json('c'))", "missing"}}));
  elsewhere(Row(table, "list", "array_to_string", {kList, {"separator", text()}}, always<Kind::Text>)
                .body(native<&body::to_string>("bf_list_to_string"))
                .fails({RowError::ConversionFailed, RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("its elements with the separator between them; missing ones are passed over")
                .examples({{"array_to_string(['a', 'b'], '-')", "'a-b'"},
                           {"array_to_string(string_to_array('', ','), '-')", "''"},
                           {"array_to_string((missing as [text]), '-')", "missing"}}));
  elsewhere(Row(table, "list", "first", {kList}, always<Kind::Json>)
                .body(native<&body::first>("bf_list_first"))
                .nulls(NullRule::Finds)
                .postgres(wrapped("jsonb_array_element({0}, 0)"))
                .doc("its first element; missing where it has none")
                .examples({{"first(['a', 'b']) as text", "'a'"},
                           {"first(string_to_array('', ',')) as text", "missing"},
                           {"first((missing as [text])) as text", "missing"}}));
  elsewhere(Row(table, "list", "last", {kList}, always<Kind::Json>)
                .body(native<&body::last>("bf_list_last"))
                .nulls(NullRule::Finds)
                .postgres(wrapped("jsonb_array_element({0}, -1)"))
                .doc("its last element; missing where it has none")
                .examples({{"last(['a', 'b']) as text", "'b'"},
                           {"last(string_to_array('', ',')) as text", "missing"},
                           {"last((missing as [text])) as text", "missing"}}));
}

void add_numbers_of(std::vector<Function>& table) {
  elsewhere(Row(table, "list", "min", {kList}, always<Kind::Json>)
                .body(native<&body::least>("bf_list_min"))
                .nulls(NullRule::Finds)
                .postgres(unavailable(kNotProven))
                .doc("the least of its elements that are present; missing where it has none")
                .examples({{"min(['b', 'a']) as text", "'a'"},
                           {"min(string_to_array('', ',')) as text", "missing"},
                           {"min((missing as [text])) as text", "missing"}}));
  elsewhere(Row(table, "list", "max", {kList}, always<Kind::Json>)
                .body(native<&body::greatest>("bf_list_max"))
                .nulls(NullRule::Finds)
                .postgres(unavailable(kNotProven))
                .doc("the greatest of its elements that are present; missing where it has none")
                .examples({{"max(['b', 'a']) as text", "'b'"},
                           {"max(string_to_array('', ',')) as text", "missing"},
                           {"max((missing as [text])) as text", "missing"}}));
  elsewhere(Row(table, "list", "sum", {kList}, always<Kind::Json>)
                .body(native<&body::sum>("bf_list_sum"))
                .fails({RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("the sum of its elements that are present, exact; 0 where it has none")
                .examples({{"sum([1, 2, 40]) as int64", "43"},
                           {"sum([1.50, -0.25]) as decimal(5, 2)", "1.25"},
                           {"sum(missing as [int64]) as int64", "missing"}}));
}

void add_making(std::vector<Function>& table) {
  elsewhere(Row(table, "list", "string_to_array", {{"value", text()}, {"separator", text()}}, list_of_text)
                .body(native<&body::from_string>("bf_list_from_string"))
                .fails({RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("the parts between the separators; none of an empty text")
                .examples({{"string_to_array('a,,b', ',') as json", R"('["a","","b"]' as json)"},
                           {"string_to_array('', ',') as json", "'[]' as json"},
                           {"string_to_array('ab', '') as json", R"('["ab"]' as json)"}}));
  elsewhere(Row(table, "list", "||", {{"left", make(Kind::List)}, {"right", make(Kind::List)}}, like_first)
                .as_operator()
                .body(native<&body::concat>("bf_list_concat"))
                .fails({RowError::Overflow})
                .postgres(wrapped("({0:100} || {1:100})"))
                .doc("the elements of both")
                .examples({{"(['a'] || ['b']) as json", R"('["a","b"]' as json)"},
                           {"(string_to_array('', ',') || ['b']) as json", R"('["b"]' as json)"},
                           {"((missing as [text]) || ['b']) as json", "missing"}}));
  elsewhere(Row(table, "list", "array_distinct", {kList}, like_first)
                .body(native<&body::distinct>("bf_list_distinct_elements"))
                .fails({RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("without elements that stand before already")
                .examples({{"array_distinct(['b', 'a', 'b']) as json", R"('["b","a"]' as json)"},
                           {"array_distinct(string_to_array('', ',')) as json", "'[]' as json"},
                           {"array_distinct((missing as [text])) as json", "missing"}}));
  elsewhere(Row(table, "list", "array_sort", {kList}, like_first)
                .body(native<&body::sorted>("bf_list_sort"))
                .fails({RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("its elements in ascending order, missing ones last")
                .examples({{"array_sort(['b', 'a', 'Z']) as json", R"('["Z","a","b"]' as json)"},
                           {"array_sort(string_to_array('', ',')) as json", "'[]' as json"},
                           {"array_sort((missing as [text])) as json", "missing"}}));
  elsewhere(Row(table, "list", "array_slice",
                {kList, {"from", make(Kind::Int32)}, {"count", make(Kind::Int32)}}, like_first)
                .body(native<&body::slice>("bf_list_slice"))
                .fails({RowError::OutOfDomain, RowError::Overflow})
                .postgres(unavailable(kNotProven))
                .doc("so many elements from that position on, counted from 0; fewer where it ends before")
                .examples({{"array_slice(['a', 'b', 'c'], 1, 5) as json", R"('["b","c"]' as json)"},
                           {"array_slice(['a', 'b', 'c'], 3, 1) as json", "'[]' as json"},
                           {"array_slice(['a'], -1, 1) as json", "error: argument out of domain"}}));
}

}  // namespace

void add_lists(std::vector<Function>& table) {
  add_reading(table);
  add_numbers_of(table);
  add_making(table);
}

}  // namespace backfill::stdlib
