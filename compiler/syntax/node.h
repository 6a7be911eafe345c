// SPDX-License-Identifier: Apache-2.0
// What the parser gives: one node per grammar rule that the tree needs. The build_*.cc files make the tree
// from it, so that only parse.cc pays for PEGTL.
#pragma once

#include <vector>

#include "compiler/source/source.h"

namespace backfill::syntax {

// clang-format off
// The grammar rules that leave a node, by their names.
#define BACKFILL_SYNTAX_NODES(X)                                                                             \
  /* names and literals */                                                                                   \
  X(name_here)                                                                                               \
  X(name) X(qualified_name) X(prose) X(text_raw) X(digits) X(floating) X(percentage) X(duration) X(decimal)  \
      X(integer) X(text) X(bytes) X(date) X(timestamp) X(time) X(true_) X(false_) X(missing) X(regex_raw)    \
          X(minus_sign) X(signed_literal)                                 /* types */                        \
      X(optional_mark) X(type_name) X(list_type) X(type_raw) X(cast_type) /* expressions */                  \
      X(range) X(descending) X(order_key) X(order) X(query_where) X(query) X(for_query) X(partition)         \
          X(argument_name) X(argument) X(call) X(field) X(index) X(column) X(quoted_column)                  \
              X(name_expression) X(comprehension) X(comprehension_if) X(list) X(list_expression) X(patterns) X(else_arm)        \
                  X(condition_arm) X(pattern_arm) X(condition_case) X(pattern_case) X(case_) X(group)        \
                      X(pipe_function) X(pipe) X(fallback) X(cast) X(pipeline) X(negate) X(product_operator) \
                          X(product) X(sum_operator) X(sum) X(concat_operator) X(concat)                     \
                              X(coalesce_operator) X(coalesce) X(compare_operator) X(comparison_sign)        \
                                  X(is_missing) X(is_not_missing) X(is_present) X(is_distinct)               \
                                      X(is_not_distinct) X(negated) X(in_tail) X(between_tail)               \
                                          X(matches_tail) X(like_tail) X(not_tail) X(comparison) X(not_)     \
                                              X(and_operator) X(conjunction) X(or_operator)                  \
                                                  X(disjunction) /* clauses */                               \
      X(names) X(about) X(owner) X(intent_word) X(approved) X(intent) X(key) X(table) X(tables) X(store)     \
          X(document_schema) X(documents) X(lookup_kind) X(lookup) X(guarded_lookup) X(let) X(param_initial) \
              X(param) X(field_key) X(source_field) X(source) X(requires_) X(after) X(expect_about)          \
                  X(parameter) X(extern_effect) X(function) X(extern_function) X(use) /* effects */          \
      X(outcome_of) X(when) X(path) X(only_if_missing) X(once) X(derive) X(except) X(all_of_row)             \
          X(assignment) X(row_values) X(row_name) X(unless) X(do_nothing) X(quarantine) X(update_conflict)   \
              X(drop) X(on_conflict) X(always) X(insert) X(ensure) X(update) X(delete_others) X(delete_row)  \
                  X(policy) X(merge_rule) X(merge) X(repoint_target) X(repoint_conflict) X(repoint) X(for_)  \
                      X(outcome) X(otherwise) /* rollout */                                                  \
      X(unknown) X(because) X(scope_where) X(exclude) X(review) X(scope) X(amount_rows) X(amount_all)        \
          X(amount) X(sample_amount) X(seed) X(sample) X(stage_where) X(key_tuple) X(key_value)              \
              X(stage_keys) X(metric_gate) X(approval) X(soak) X(verified) X(stage) X(stages) X(to_count)    \
                  X(aim) X(batch) X(pause) X(rate_word) X(at_most) X(unreadable_what) X(unreadable) X(hold)  \
                      X(stop) X(clock_time) X(zone_name) X(zone_prose) X(between) X(workers) X(pace)         \
                          X(sample_plan) X(within) X(expect_rise) X(expect_fall) X(expect_same)              \
                              X(expect_compare) X(metric) X(verify_expect) X(verify) X(prior_values) X(keep) \
                                  X(capture) X(unchanged_rows) X(restore) X(rollback) X(visible)             \
                                      X(decision_bearing) X(tell) X(impact) /* tests and the file */         \
      X(value_list) X(value_key) X(value_field) X(value_object) X(value_leaf) X(row_object) X(rows_table)    \
          X(table_rows) X(given) X(setting) X(with_rows) X(answer_excluded) X(answer_review)                 \
              X(answer_uncertain) X(answer_out) X(answer_unchanged) X(answer_quarantined) X(answer_deleted)  \
                  X(answer_outcome) X(answer_rows) X(test_expect) X(test) X(backfill) X(file)
// clang-format on

enum class NodeKind : std::uint16_t {
  none,
#define X(rule) rule,
  BACKFILL_SYNTAX_NODES(X)
#undef X
};

struct Node {
  NodeKind kind = NodeKind::none;
  source::Span span;
  std::vector<Node> children;

  // The first child of that kind, or null.
  [[nodiscard]] const Node* find(NodeKind wanted) const {
    for (const Node& child : children)
      if (child.kind == wanted) return &child;
    return nullptr;
  }
};

}  // namespace backfill::syntax
