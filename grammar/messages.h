// SPDX-License-Identifier: Apache-2.0
// One message per rule that must match. It completes "expected ...", but for the traps, which speak for
// themselves.
#pragma once

#include "grammar/message.h"
#include "grammar/spec.h"

namespace backfill::grammar {

template <typename Rule>
inline constexpr Message message{};

// clang-format off
#define BACKFILL_EXPECTED(rule, ...) template <> inline constexpr Message message<rule>{__VA_ARGS__};

// Lexical
BACKFILL_EXPECTED(quoted_end,         "this quoted name does not end on its line", Trap::Unterminated)
BACKFILL_EXPECTED(prose_end,          "this \"...\" does not end on its line", Trap::Unterminated)
BACKFILL_EXPECTED(long_prose_end,     "this \"\"\" is not closed", Trap::Unterminated)
BACKFILL_EXPECTED(text_end,           "this '...' does not end on its line", Trap::Unterminated)
BACKFILL_EXPECTED(hex_end,            "a byte string has pairs of hexadecimal digits and ends with a quote", Trap::Unterminated)
BACKFILL_EXPECTED(regex_end,          "this regular expression does not end on its line", Trap::Unterminated)
BACKFILL_EXPECTED(class_end,          "this class of a regular expression does not end on its line", Trap::Unterminated)
BACKFILL_EXPECTED(number_end,         "letters touch this number", Trap::GluedNumber)
BACKFILL_EXPECTED(percentage_end,     "something touches this percentage", Trap::GluedNumber)
BACKFILL_EXPECTED(no_glued_comment,   "`--` touches what stands before it", Trap::GluedComment)
BACKFILL_EXPECTED(name_here,          "a name")
BACKFILL_EXPECTED(escape_text,        "a character in single quotes like `'!'`")
BACKFILL_EXPECTED(the_regex,          "a regular expression like `/^[a-z]+$/`")

// Types
BACKFILL_EXPECTED(type_number,        "a number")
BACKFILL_EXPECTED(close_type,         "`)`", Trap::None, true)
BACKFILL_EXPECTED(element_type,       "the type of the elements")
BACKFILL_EXPECTED(close_element,      "`]`", Trap::None, true)
BACKFILL_EXPECTED(no_optional,        "`as` takes no optional type", Trap::OptionalCast)
BACKFILL_EXPECTED(cast_type,          "a type")
BACKFILL_EXPECTED(the_type,           "a type")

// Expressions
BACKFILL_EXPECTED(value,              "an expression")
BACKFILL_EXPECTED(compared,           "an operand")
BACKFILL_EXPECTED(unary_operand,      "an operand after `-`")
BACKFILL_EXPECTED(product_operand,    "an operand")
BACKFILL_EXPECTED(sum_operand,        "an operand")
BACKFILL_EXPECTED(concat_operand,     "an operand after `||`")
BACKFILL_EXPECTED(coalesce_operand,   "an operand after `\?\?`")
BACKFILL_EXPECTED(not_operand,        "a condition after `not`")
BACKFILL_EXPECTED(and_operand,        "a condition after `and`")
BACKFILL_EXPECTED(or_operand,         "a condition after `or`")
BACKFILL_EXPECTED(is_what,            "`missing`, `not missing`, `present` or `distinct from` after `is`")
BACKFILL_EXPECTED(no_chain,           "comparisons do not chain", Trap::ChainedComparison)
BACKFILL_EXPECTED(open_members,       "`(` and the members after `in`")
BACKFILL_EXPECTED(next_member,        "another member after `,`")
BACKFILL_EXPECTED(between_and,        "`and` and the upper bound of `between`")
BACKFILL_EXPECTED(pipe_function,      "a function after `|>`")
BACKFILL_EXPECTED(close_paren,        "`)`", Trap::None, true)
BACKFILL_EXPECTED(close_paren_here,   "`)`", Trap::None, true)
BACKFILL_EXPECTED(close_bracket,      "`]`", Trap::None, true)
BACKFILL_EXPECTED(next_argument,      "another argument after `,`")
BACKFILL_EXPECTED(field_name,         "a name after `.`")
BACKFILL_EXPECTED(no_call_on_group,   "only a name can be called", Trap::NotCallable)
BACKFILL_EXPECTED(no_postfix,         "a literal takes no `(` and no `[`", Trap::NotCallable)
BACKFILL_EXPECTED(range_here,         "rows like `o in orders`")
BACKFILL_EXPECTED(range_table,        "a table after `in`")
BACKFILL_EXPECTED(range_name,         "a name for the element")
BACKFILL_EXPECTED(in_word,            "`in`")
BACKFILL_EXPECTED(by_word,            "`by`")
BACKFILL_EXPECTED(arrow,              "`->`")
BACKFILL_EXPECTED(pattern,            "a literal: the patterns of `case x` are literals")
BACKFILL_EXPECTED(arm_end,            "`,` between the arms or `}` after the last")
BACKFILL_EXPECTED(close_case,         "an arm or `}`")
BACKFILL_EXPECTED(open_brace,         "`{`")
BACKFILL_EXPECTED(close_brace,        "`}`", Trap::None, true)

// Clauses
BACKFILL_EXPECTED(the_name,           "a name")
BACKFILL_EXPECTED(the_table,          "the name of a table")
BACKFILL_EXPECTED(the_prose,          "a sentence in double quotes")
BACKFILL_EXPECTED(equals,             "`=`")
BACKFILL_EXPECTED(colon,              "`:`")
BACKFILL_EXPECTED(open_names,         "`(`")
BACKFILL_EXPECTED(the_intent,         "`fill`, `recompute`, `amend` or `reinterpret`")
BACKFILL_EXPECTED(key_list,           "the key's columns")
BACKFILL_EXPECTED(must_key,           "`key` and the key's field")
BACKFILL_EXPECTED(from_word,          "`from`")
BACKFILL_EXPECTED(store,              "the name of a store")
BACKFILL_EXPECTED(lookup_query,       "rows like `p in plans`, perhaps after `first` or `only`")
BACKFILL_EXPECTED(about_word,         "`about` and a number of rows")
BACKFILL_EXPECTED(about_rows,         "a number of rows")
BACKFILL_EXPECTED(rows_word,          "`rows`")
BACKFILL_EXPECTED(parameter,          "another parameter after `,`")
BACKFILL_EXPECTED(fn_word,            "`fn`")
BACKFILL_EXPECTED(used_module,        "a module like `std.text` or a file in double quotes")

// Effects
BACKFILL_EXPECTED(effect,             "an effect or `}`")
BACKFILL_EXPECTED(derive_target,      "the column to derive")
BACKFILL_EXPECTED(path_item,          "a JSON key in single quotes or a position")
BACKFILL_EXPECTED(path_end,           "`]`", Trap::None, true)
BACKFILL_EXPECTED(if_word,            "`if missing`")
BACKFILL_EXPECTED(missing_word,       "`missing`")
BACKFILL_EXPECTED(of_word,            "`of`")
BACKFILL_EXPECTED(row_word,           "`row`")
BACKFILL_EXPECTED(except_name,        "a column to leave out")
BACKFILL_EXPECTED(item_end,           "`,` or `}`")
BACKFILL_EXPECTED(insert_into,        "`into` and a table")
BACKFILL_EXPECTED(conflict_word,      "`conflict`")
BACKFILL_EXPECTED(conflict_columns,   "the columns of the conflict")
BACKFILL_EXPECTED(conflict_action,    "`do nothing`, `quarantine` or `update { ... }`")
BACKFILL_EXPECTED(nothing_word,       "`nothing`")
BACKFILL_EXPECTED(must_ensure_by,     "`by (...)`: the columns that tell whether the row is there")
BACKFILL_EXPECTED(merge_partition,    "`partition by` and what the members of a group have in common")
BACKFILL_EXPECTED(keep_word,          "`keep first order by ...`")
BACKFILL_EXPECTED(first_word,         "`first`")
BACKFILL_EXPECTED(merge_order,        "`order by` and what decides which row survives")
BACKFILL_EXPECTED(policy,             "a rule like `sum` or `first present`")
BACKFILL_EXPECTED(repoint_target,     "a table and its column, like `orders.account_id`")
BACKFILL_EXPECTED(repoint_action,     "`drop` or `quarantine`")
BACKFILL_EXPECTED(for_body,           "`insert into ...`")
BACKFILL_EXPECTED(outcome_here,       "`as`, the outcome's name and its effects in braces")

// Scope, stages, pace, verify, rollback, impact
BACKFILL_EXPECTED(scope_line,         "`where`, `exclude`, `review` or `}`")
BACKFILL_EXPECTED(as_word,            "`as`")
BACKFILL_EXPECTED(unknown_value,      "`true` or `false`")
BACKFILL_EXPECTED(when_word,          "`when` and a condition")
BACKFILL_EXPECTED(stage,              "the name of a stage or `}`")
BACKFILL_EXPECTED(sample_amount,      "a number of rows or a percentage")
BACKFILL_EXPECTED(amount,             "a number of rows, a percentage or `all`")
BACKFILL_EXPECTED(seed_number,        "a number")
BACKFILL_EXPECTED(key_item,           "a key")
BACKFILL_EXPECTED(gate,               "`verified`, `approval by`, `soak` or a metric's limit")
BACKFILL_EXPECTED(the_duration,       "a duration like `10 minutes`")
BACKFILL_EXPECTED(pace_line,          "`batch`, `pause`, `at most`, `hold while`, `stop when`, `between`, `workers` or `}`")
BACKFILL_EXPECTED(the_count,          "a number")
BACKFILL_EXPECTED(second_count,       "a number")
BACKFILL_EXPECTED(most_word,          "`most`")
BACKFILL_EXPECTED(per_word,           "`per`")
BACKFILL_EXPECTED(rate_unit,          "`second`, `minute` or `hour`")
BACKFILL_EXPECTED(while_word,         "`while`")
BACKFILL_EXPECTED(unreadable_word,    "`unreadable`")
BACKFILL_EXPECTED(unreadable_value,   "`hold`, `proceed` or `stop`")
BACKFILL_EXPECTED(clock_time,         "a time of day like `22:00`")
BACKFILL_EXPECTED(and_word,           "`and`")
BACKFILL_EXPECTED(zone,               "the zone of these times: `UTC` or one like `'Europe/Berlin'`")
BACKFILL_EXPECTED(verify_line,        "`sample`, `metric`, `expect` or `}`")
BACKFILL_EXPECTED(expect_word,        "`expect`: a metric says what it should do")
BACKFILL_EXPECTED(expectation,        "`rise`, `fall`, `same` or a comparison")
BACKFILL_EXPECTED(within_amount,      "a percentage or a number")
BACKFILL_EXPECTED(rollback_line,      "`capture`, `restore` or `}`")
BACKFILL_EXPECTED(captured,           "`prior values` or `nothing`")
BACKFILL_EXPECTED(values_word,        "`values`")
BACKFILL_EXPECTED(restored,           "`rows unchanged since` or `nothing`")
BACKFILL_EXPECTED(unchanged_word,     "`unchanged since`")
BACKFILL_EXPECTED(since_word,         "`since`")
BACKFILL_EXPECTED(impact_line,        "`visible`, `decision_bearing`, `tell` or `}`")

// Tests and the file
BACKFILL_EXPECTED(test_line,          "`given`, `with`, `expect` or `}`")
BACKFILL_EXPECTED(test_value,         "a value")
BACKFILL_EXPECTED(table_rows,         "a row in braces or a list of rows")
BACKFILL_EXPECTED(with_what,          "a table and its rows, or a param and its value")
BACKFILL_EXPECTED(answer,             "a row, `excluded`, `review`, `uncertain`, `out of scope`, `unchanged`, `quarantined`, `deleted` or `outcome`")
BACKFILL_EXPECTED(scope_word,         "`scope`")
BACKFILL_EXPECTED(body_clause,        "a clause like `table`, `scope` or `derive`, or `}`")
BACKFILL_EXPECTED(file_clause,        "`backfill`, `fn`, `use`, `param` or `source`")

#undef BACKFILL_EXPECTED
// clang-format on

}  // namespace backfill::grammar
