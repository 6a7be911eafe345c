// SPDX-License-Identifier: Apache-2.0
// From characters to names and literals. Whitespace follows a token; postfix operators touch what they
// follow.
#pragma once

#include "grammar/keywords.h"
#include "grammar/pegtl.h"

// clang-format off
namespace backfill::grammar {

// Whitespace and comments
struct blank          : one< ' ', '\t', '\r' > {};
struct comment        : seq< exactly< "--" >, until< at< peg::eolf > > > {};
struct byte_order     : exactly< "\xEF\xBB\xBF" > {};
struct ws             : star< sor< plus< one< ' ', '\t', '\r', '\n' > >, comment > > {};
struct no_glued_comment : not_at< exactly< "--" > > {};

// A word or a sign with what follows it
template< Word W > struct word : seq< keyword< W >, ws > {};
template< Word W > struct sign : seq< exactly< W >, ws > {};

// Names
struct letter         : sor< peg::ranges< 'a', 'z', 'A', 'Z' >, one< '_' > > {};
struct name_letter    : sor< letter, peg::digit > {};
struct bare_name      : seq< letter, star< name_letter > > {};
struct quoted_end     : one< '"' > {};
struct quoted_name    : seq< one< '"' >, plus< sor< exactly< "\"\"" >, peg::not_one< '"', '\n' > > >, must< quoted_end > > {};
struct raw_name       : sor< bare_name, quoted_name > {};
struct name_here      : raw_name {};                       // touches what follows
struct name           : seq< raw_name, ws > {};
struct qualified_name : seq< name_here, star< one< '.' >, must< name_here > >, ws > {};

// Prose and text
struct prose_end      : one< '"' > {};
struct long_prose_end : exactly< "\"\"\"" > {};
struct long_prose     : seq< exactly< "\"\"\"" >, star< not_at< exactly< "\"\"\"" > >, peg::any >, must< long_prose_end > > {};
struct short_prose    : seq< one< '"' >, star< sor< exactly< "\"\"" >, peg::not_one< '"', '\n' > > >, must< prose_end > > {};
struct prose          : seq< sor< long_prose, short_prose >, ws > {};
struct text_end       : one< '\'' > {};
struct text_raw       : seq< one< '\'' >, star< sor< exactly< "''" >, peg::not_one< '\'', '\n' > > >, must< text_end > > {};
struct text           : text_raw {};

// Numbers: `_` stands between digits; a point needs a digit after it, so that `1.x` is no number
struct digits         : seq< peg::digit, star< opt< one< '_' > >, peg::digit > > {};
struct point          : seq< one< '.' >, digits > {};
struct exponent       : seq< one< 'e', 'E' >, opt< one< '+', '-' > >, digits > {};
struct number_end     : not_at< name_letter > {};
struct floating       : seq< digits, opt< point >, exponent, must< number_end > > {};
struct percentage_end : not_at< sor< name_letter, one< '(', '\'', '"' > > > {};
struct percentage     : seq< digits, opt< point >, one< '%' >, must< percentage_end > > {};
struct unit           : sor< keyword< "us" >, keyword< "ms" >, keyword< "s" >, keyword< "second" >, keyword< "seconds" >,
                             keyword< "min" >, keyword< "minute" >, keyword< "minutes" >, keyword< "hour" >, keyword< "hours" >,
                             keyword< "day" >, keyword< "days" >, keyword< "week" >, keyword< "weeks" >,
                             keyword< "month" >, keyword< "months" >, keyword< "year" >, keyword< "years" > > {};
struct duration       : seq< digits, opt< point >, plus< blank >, unit > {};
struct decimal        : seq< digits, point, must< number_end > > {};
struct integer        : seq< digits, must< number_end > > {};
struct count          : seq< integer, ws > {};
struct span_of_time   : seq< duration, ws > {};
struct share          : seq< percentage, ws > {};

// Moments begin a literal only on one line, and only if the text looks like one
struct two            : rep< 2, peg::digit > {};
struct day_shape      : seq< one< '\'' >, rep< 4, peg::digit >, one< '-' >, two, one< '-' >, two > {};
struct date           : seq< keyword< "date" >, plus< blank >, at< day_shape, one< '\'' > >, text_raw > {};
struct timestamp      : seq< keyword< "timestamp" >, plus< blank >, at< day_shape, one< 'T', ' ', '\'' > >, text_raw > {};
struct time           : seq< keyword< "time" >, plus< blank >, at< one< '\'' >, two, one< ':' >, two >, text_raw > {};
struct clock          : seq< peg::digit, opt< peg::digit >, one< ':' >, two > {};

// Bytes and regular expressions
struct hex_end        : one< '\'' > {};
struct bytes          : seq< exactly< "x'" >, star< peg::xdigit, peg::xdigit >, must< hex_end > > {};
struct class_end      : one< ']' > {};
struct regex_class    : seq< one< '[' >, opt< one< '^' > >, opt< one< ']' > >,
                             star< sor< seq< one< '\\' >, peg::not_one< '\n' > >, peg::not_one< ']', '\n' > > >, must< class_end > > {};
struct regex_end      : one< '/' > {};
struct regex_body     : plus< sor< seq< one< '\\' >, peg::not_one< '\n' > >, regex_class, peg::not_one< '/', '[', '\n' > > > {};
struct regex_raw      : seq< one< '/' >, regex_body, must< regex_end > > {};
struct regex          : seq< regex_raw, ws > {};

// Literals
struct true_          : keyword< "true" > {};
struct false_         : keyword< "false" > {};
struct missing        : keyword< "missing" > {};
struct literal        : sor< duration, percentage, floating, decimal, integer, text, bytes, date, timestamp, time, true_, false_, missing > {};
struct minus_sign     : seq< one< '-' >, not_at< one< '>', '-' > > > {};
struct signed_literal : seq< opt< minus_sign >, literal, ws > {};

}  // namespace backfill::grammar
