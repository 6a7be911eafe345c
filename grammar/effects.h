// SPDX-License-Identifier: Apache-2.0
// Effects: what a backfill writes.
#pragma once

#include "grammar/clauses.h"

// clang-format off
namespace backfill::grammar {

struct effect;
struct effect_block     : seq< must< open_brace >, until< at< one< '}' > >, must< effect > >, must< close_brace > > {};

// A guard, or the next clause: `when ... as name { effects }` is an outcome, `when ...` alone guards what stands before.
// Only the word after the condition tells, so the tree sorts them out.
struct outcome_of       : seq< outcome_name, effect_block > {};
struct when             : seq< word< "when" >, must< value >, opt< outcome_of > > {};

// derive column = expression
struct path_text        : seq< text_raw > {};
struct path_number      : seq< digits > {};
struct path_end         : one< ']' > {};
struct path_item        : sor< path_text, path_number > {};
struct path             : seq< sign< "[" >, must< path_item >, ws, must< path_end > > {};
struct derive_target    : seq< name_here > {};
struct missing_word     : word< "missing" > {};
struct if_word          : word< "if" > {};
struct only_if_missing  : seq< word< "only" >, must< if_word >, must< missing_word > > {};
struct once             : word< "once" > {};
struct derive           : seq< word< "derive" >, must< derive_target >, star< path >, ws, must< equals >, must< value >,
                               star< sor< only_if_missing, once > >, opt< when, star< sor< only_if_missing, once > > > > {};

// { all of row except id, name = ... }
struct of_word          : word< "of" > {};
struct row_word         : word< "row" > {};
struct except_name      : seq< name > {};
struct except           : seq< word< "except" >, must< except_name >, star< sign< "," >, not_at< raw_name, ws, one< '=' > >, except_name > > {};
struct all_of_row       : seq< word< "all" >, must< of_word >, must< row_word >, opt< except > > {};
struct all_here         : seq< at< keyword< "all" >, ws, keyword< "of" > >, all_of_row > {};
struct assignment       : seq< the_name, must< equals >, must< value > > {};
struct value_item       : seq< not_at< one< '}' > >, sor< all_here, assignment >, must< item_end > > {};
struct row_values       : seq< must< open_brace >, star< value_item >, must< close_brace > > {};

// insert, ensure
struct into_word        : word< "into" > {};
struct row_name         : seq< at< raw_name, ws, keyword< "into" > >, name > {};
struct insert_into      : seq< opt< row_name >, into_word > {};
struct unless           : seq< word< "unless" >, must< value > > {};
struct nothing_word     : word< "nothing" > {};
struct do_nothing       : seq< word< "do" >, must< nothing_word > > {};
struct quarantine       : word< "quarantine" > {};
struct update_conflict  : seq< word< "update" >, row_values > {};
struct drop             : word< "drop" > {};
struct conflict_action  : sor< do_nothing, quarantine, update_conflict > {};
struct conflict_word    : word< "conflict" > {};
struct conflict_columns : seq< names > {};
struct on_conflict      : seq< word< "on" >, must< conflict_word >, must< conflict_columns >, must< conflict_action > > {};
struct always           : word< "always" > {};
struct insert           : seq< word< "insert" >, must< insert_into >, must< the_table >, row_values,
                               star< sor< unless, on_conflict, always, when > > > {};
struct ensure_by        : seq< by_word, names > {};
struct must_ensure_by   : seq< ensure_by > {};
struct ensure           : seq< word< "ensure" >, must< the_name >, must< in_word >, must< the_table >, must< must_ensure_by >,
                               row_values, opt< when > > {};

// update, delete
struct update           : seq< word< "update" >, must< range_here >, opt< query_where >, row_values > {};
struct delete_others    : seq< word< "delete" >, range_here, opt< query_where > > {};
struct delete_row       : seq< word< "delete" >, opt< when > > {};

// merge, repoint
struct first_word       : word< "first" > {};
struct keep_word        : word< "keep" > {};
struct merge_partition  : seq< partition > {};
struct merge_order      : seq< order > {};
struct policy           : seq< bare_name, opt< plus< blank >, keyword< "present" > >, ws > {};
struct merge_rule       : seq< not_at< one< '}' > >, must< the_name >, must< equals >, must< policy >, must< item_end > > {};
struct merge            : seq< word< "merge" >, must< merge_partition >, must< keep_word >, must< first_word >, must< merge_order >,
                               must< open_brace >, star< merge_rule >, must< close_brace > > {};
struct repoint_action   : sor< drop, quarantine > {};
struct repoint_conflict : seq< word< "on" >, must< conflict_word >, must< repoint_action > > {};
struct repoint_target   : seq< name_here, plus< one< '.' >, must< name_here > >, ws > {};
struct repoint          : seq< word< "repoint" >, must< repoint_target >, opt< repoint_conflict > > {};

// for, when, otherwise
struct for_body         : seq< insert > {};
struct for_             : seq< word< "for" >, must< the_name >, must< in_word >, must< value >, must< for_body > > {};
struct outcome_here     : seq< outcome_of > {};
struct outcome          : seq< word< "when" >, must< value >, must< outcome_here > > {};
struct otherwise        : seq< word< "otherwise" >, must< outcome_here > > {};

struct effect           : sor< derive, insert, ensure, update, delete_others, delete_row, merge, repoint, for_, outcome, otherwise > {};

}  // namespace backfill::grammar
