// SPDX-License-Identifier: Apache-2.0
// Which rows, in which order, how fast, how we know, how we go back, who notices.
#pragma once

#include "grammar/effects.h"
#include "grammar/recovery.h"

// clang-format off
namespace backfill::grammar {

// A block's lines: each recovers on its own; what begins no line is an error of its own
template< typename Line >
struct lines            : seq< must< open_brace >, until< sor< at< one< '}' > >, peg::eof >, recovering< must< Line > > >, recovering< must< close_brace > > > {};

// scope
struct unknown_value    : sor< true_, false_ > {};
struct as_word          : word< "as" > {};
struct unknown          : seq< word< "unknown" >, must< as_word >, must< unknown_value >, ws > {};
struct because          : seq< word< "because" >, must< the_prose > > {};
struct scope_rest       : seq< opt< unknown >, opt< because > > {};
struct when_word        : word< "when" > {};
struct scope_where      : seq< word< "where" >, must< value >, scope_rest > {};
struct exclude          : seq< word< "exclude" >, must< the_name >, must< when_word >, must< value >, scope_rest > {};
struct review           : seq< word< "review" >, must< the_name >, must< when_word >, must< value >, scope_rest > {};
struct scope_line       : sor< scope_where, exclude, review > {};
struct scope            : seq< word< "scope" >, lines< scope_line > > {};

// stages
struct amount_rows      : seq< count, must< rows_word > > {};
struct amount_all       : word< "all" > {};
struct amount           : sor< share, amount_rows, amount_all > {};
struct sample_amount    : sor< share, amount_rows > {};
struct seed_number      : seq< count > {};
struct seed             : seq< word< "seed" >, must< seed_number > > {};
struct sample           : seq< word< "sample" >, must< sample_amount >, opt< seed > > {};
struct stage_where      : seq< word< "where" >, must< value > > {};
struct key_tuple        : seq< sign< "(" >, must< value >, star< sign< "," >, must< value > >, must< close_paren > > {};
struct key_value        : seq< value > {};
struct key_item         : sor< key_tuple, key_value > {};
struct stage_keys       : seq< word< "keys" >, must< open_names >, must< key_item >, star< sign< "," >, must< key_item > >, must< close_paren > > {};
struct metric_gate      : seq< name, compare_operator, ws, must< compared > > {};
struct metric_here      : seq< at< raw_name, ws, compare_written >, metric_gate > {};
struct approval         : seq< word< "approval" >, must< by_word >, must< the_prose > > {};
struct the_duration     : seq< span_of_time > {};
struct soak             : seq< word< "soak" >, must< the_duration > > {};
struct verified         : seq< word< "verified" >, not_at< compare_written > > {};
struct gate             : sor< metric_here, verified, approval, soak > {};
struct gates            : seq< word< "then" >, must< gate >, star< sign< "," >, must< gate > > > {};
struct selection        : sor< sample, stage_where, stage_keys > {};
struct stage            : seq< name, opt< selection >, opt< gates > > {};
struct stages           : seq< word< "stages" >, lines< stage > > {};

// pace
struct the_count        : seq< count > {};
struct second_count     : seq< count > {};
struct to_count         : seq< word< "to" >, must< second_count > > {};
struct aim              : seq< word< "aim" >, must< the_duration > > {};
struct batch            : seq< word< "batch" >, must< the_count >, opt< to_count >, must< rows_word >, opt< aim > > {};
struct pause            : seq< word< "pause" >, must< the_duration > > {};
struct most_word        : word< "most" > {};
struct per_word         : word< "per" > {};
struct rate_word        : sor< keyword< "second" >, keyword< "minute" >, keyword< "hour" > > {};
struct rate_unit        : seq< rate_word, ws > {};
struct at_most          : seq< word< "at" >, must< most_word >, must< the_count >, must< rows_word >, must< per_word >, must< rate_unit > > {};
struct while_word       : word< "while" > {};
struct unreadable_word  : word< "unreadable" > {};
struct unreadable_what  : sor< keyword< "hold" >, keyword< "proceed" >, keyword< "stop" > > {};
struct unreadable_value : seq< unreadable_what, ws > {};
struct unreadable       : seq< word< "if" >, must< unreadable_word >, must< unreadable_value > > {};
struct hold             : seq< word< "hold" >, must< while_word >, must< value >, opt< unreadable > > {};
struct stop             : seq< word< "stop" >, must< when_word >, must< value > > {};
struct clock_time       : seq< clock > {};
struct zone_prose       : seq< text_raw > {};
struct zone_name        : seq< keyword< "UTC" > > {};
struct zone             : sor< zone_name, zone_prose > {};
struct and_word         : word< "and" > {};
struct between          : seq< word< "between" >, must< clock_time >, ws, must< and_word >, must< clock_time >, ws, must< zone >, ws > {};
struct workers          : seq< word< "workers" >, must< the_count > > {};
struct pace_line        : sor< batch, pause, at_most, hold, stop, between, workers > {};
struct pace             : seq< word< "pace" >, lines< pace_line > > {};

// verify
struct sample_plan      : seq< word< "sample" >, must< amount >, star< word< "then" >, must< amount > > > {};
struct within_value     : sor< share, seq< signed_literal > > {};
struct within_amount    : seq< within_value > {};
struct within           : seq< word< "within" >, must< within_amount > > {};
struct expect_rise      : word< "rise" > {};
struct expect_fall      : word< "fall" > {};
struct expect_same      : seq< word< "same" >, opt< within > > {};
struct expect_compare   : seq< compare_operator, ws, must< compared > > {};
struct expectation      : sor< expect_rise, expect_fall, expect_same, expect_compare > {};
struct expect_word      : word< "expect" > {};
struct metric           : seq< word< "metric" >, must< the_name >, must< equals >, must< value >, must< expect_word >, must< expectation > > {};
struct verify_expect    : seq< word< "expect" >, must< value > > {};
struct verify_line      : sor< sample_plan, metric, verify_expect > {};
struct verify           : seq< word< "verify" >, lines< verify_line > > {};

// rollback
struct values_word      : word< "values" > {};
struct prior_values     : seq< word< "prior" >, must< values_word > > {};
struct captured         : sor< prior_values, word< "nothing" > > {};
struct keep             : seq< word< "keep" >, must< the_duration > > {};
struct capture          : seq< word< "capture" >, must< captured >, opt< keep > > {};
struct unchanged_word   : word< "unchanged" > {};
struct since_word       : word< "since" > {};
struct unchanged_rows   : seq< word< "rows" >, must< unchanged_word >, must< since_word > > {};
struct restored         : sor< unchanged_rows, word< "nothing" > > {};
struct restore          : seq< word< "restore" >, must< restored > > {};
struct rollback_line    : sor< capture, restore > {};
struct rollback         : seq< word< "rollback" >, lines< rollback_line > > {};

// impact
struct visible          : seq< word< "visible" >, must< the_prose > > {};
struct decision_bearing : seq< word< "decision_bearing" >, must< the_prose > > {};
struct tell             : seq< word< "tell" >, must< the_prose >, must< the_prose > > {};
struct impact_line      : sor< visible, decision_bearing, tell > {};
struct impact           : seq< word< "impact" >, lines< impact_line > > {};

}  // namespace backfill::grammar
