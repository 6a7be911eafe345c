// SPDX-License-Identifier: Apache-2.0
// The users' own tests: rows given, answers expected.
#pragma once

#include "grammar/rollout.h"

// clang-format off
namespace backfill::grammar {

// Values are JSON with expressions for leaves
struct test_value_raw;
struct test_value       : seq< test_value_raw > {};
struct next_value       : seq< not_at< one< ']' > >, test_value_raw > {};
struct value_list       : seq< sign< "[" >, opt< test_value_raw, star< sign< "," >, next_value >, opt< sign< "," > > >, must< close_bracket >, ws > {};
struct value_key        : sor< seq< text_raw, ws >, name > {};
struct value_field      : seq< not_at< one< '}' > >, value_key, must< colon >, must< test_value >, must< item_end > > {};
struct value_object     : seq< sign< "{" >, star< value_field >, must< close_brace > > {};
struct value_leaf       : seq< expression > {};
struct test_value_raw   : sor< value_object, value_list, value_leaf > {};

// Rows
struct row_object       : seq< sign< "{" >, star< value_field >, must< close_brace > > {};
struct next_row         : seq< not_at< one< ']' > >, row_object > {};
struct row_list         : seq< sign< "[" >, opt< row_object, star< sign< "," >, next_row >, opt< sign< "," > > >, must< close_bracket >, ws > {};
struct rows             : sor< row_object, row_list > {};
struct rows_table       : seq< qualified_name > {};
struct table_rows       : seq< opt< rows_table >, rows > {};
struct given            : seq< word< "given" >, must< table_rows > > {};
struct setting          : seq< the_name, sign< "=" >, must< value > > {};
struct with_rows        : seq< rows_table, rows > {};
struct setting_here     : seq< at< raw_name, ws, one< '=' > >, setting > {};
struct with_what        : sor< setting_here, with_rows > {};
struct with             : seq< word< "with" >, must< with_what > > {};

// Answers
struct answer_excluded  : seq< word< "excluded" >, must< the_name > > {};
struct answer_review    : seq< word< "review" >, must< the_name > > {};
struct answer_name      : seq< not_at< sor< keyword< "given" >, keyword< "with" >, keyword< "expect" > > >, name > {};
struct answer_uncertain : seq< word< "uncertain" >, opt< answer_name > > {};
struct scope_word       : word< "scope" > {};
struct answer_out       : seq< word< "out" >, must< of_word >, must< scope_word > > {};
struct answer_unchanged : word< "unchanged" > {};
struct answer_quarantined : seq< word< "quarantined" >, opt< prose > > {};
struct answer_deleted   : word< "deleted" > {};
struct answer_outcome   : seq< word< "outcome" >, must< the_name > > {};
struct rows_ahead       : seq< opt< seq< raw_name, star< one< '.' >, raw_name >, ws > >, one< '{', '[' > > {};
struct answer_rows      : seq< at< rows_ahead >, table_rows > {};
struct answer           : sor< answer_rows, answer_excluded, answer_review, answer_uncertain, answer_out, answer_unchanged,
                               answer_quarantined, answer_deleted, answer_outcome > {};
struct test_expect      : seq< word< "expect" >, must< answer > > {};
struct test_line        : sor< given, with, test_expect > {};
struct test             : seq< word< "test" >, must< the_prose >, lines< test_line > > {};

}  // namespace backfill::grammar
