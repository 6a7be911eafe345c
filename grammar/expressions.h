// SPDX-License-Identifier: Apache-2.0
// Expressions, tightest first; the levels are those of precedence.h.
#pragma once

#include "grammar/types.h"

// clang-format off
namespace backfill::grammar {

struct expression;
struct value            : seq< expression > {};              // an expression after something that commits to it
struct close_paren      : sign< ")" > {};
struct close_paren_here : one< ')' > {};                     // what follows may touch
struct close_bracket    : one< ']' > {};
struct close_brace      : sign< "}" > {};
struct open_brace       : sign< "{" > {};

// Rows of a table, and what may follow
struct range_start      : seq< raw_name, ws, keyword< "in" >, ws, sor< letter, one< '"' > > > {};
struct range_table      : seq< qualified_name > {};
struct range_name       : seq< name > {};
struct in_word          : word< "in" > {};
struct range            : seq< range_name, in_word, must< range_table > > {};
struct by_word          : word< "by" > {};
struct descending       : word< "desc" > {};
struct order_key        : seq< must< value >, opt< sor< word< "asc" >, descending > > > {};
struct order            : seq< word< "order" >, must< by_word >, order_key, star< sign< "," >, order_key > > {};
struct query_where      : seq< word< "where" >, must< value > > {};
struct query            : seq< range, opt< query_where >, opt< order > > {};
struct range_here       : seq< at< range_start >, range > {};
struct for_query        : seq< word< "for" >, must< range_here >, opt< query_where >, opt< order > > {};
struct partition        : seq< word< "partition" >, must< by_word >, must< value >, star< sign< "," >, must< value > > > {};
struct partition_here   : seq< at< keyword< "partition" >, ws, keyword< "by" > >, partition > {};
struct window           : sor< seq< partition_here, opt< order > >, seq< at< order_by >, order > > {};

// Calls: what stands inside the parentheses decides
struct argument_name    : seq< name > {};
struct argument_label   : seq< at< raw_name, ws, one< ':' > >, argument_name, sign< ":" > > {};
struct argument_value   : sor< regex, expression > {};
struct argument         : seq< opt< argument_label >, argument_value > {};
struct next_argument    : seq< not_at< one< ')' > >, argument > {};
struct arguments        : seq< argument, sor< for_query, window, star< sign< "," >, must< next_argument > > >, opt< window > > {};
struct inner_query      : seq< at< range_start >, query > {};
struct call_body        : sor< inner_query, window, arguments > {};
struct call             : seq< sign< "(" >, opt< call_body >, must< close_paren_here > > {};

// Postfix operators touch what they follow
struct field_name       : seq< name_here > {};
struct field            : seq< one< '.' >, must< field_name > > {};
struct index            : seq< sign< "[" >, must< value >, must< close_bracket > > {};
struct no_call_on_group : not_at< one< '(' > > {};
struct no_postfix       : not_at< one< '(', '[' > > {};
struct named_postfix    : star< sor< field, index, call > > {};
struct other_postfix    : star< sor< field, index > > {};

// Names: neither reserved nor the start of the next clause
struct column           : seq< not_at< reserved >, not_at< clause_head >, bare_name > {};
struct quoted_column    : seq< not_at< exactly< "\"\"\"" > >, quoted_name > {};
struct name_expression  : seq< sor< column, quoted_column >, named_postfix > {};

// Lists and comprehensions
struct next_item        : seq< not_at< one< ']' > >, expression > {};
struct comprehension_if : seq< word< "if" >, must< value > > {};
struct comprehension    : seq< word< "for" >, must< range_name >, must< in_word >, must< value >, opt< comprehension_if > > {};
struct more_items       : seq< star< sign< "," >, next_item >, opt< sign< "," > > > {};
struct list_body        : seq< expression, sor< comprehension, more_items > > {};
struct list             : seq< sign< "[" >, opt< list_body >, must< close_bracket > > {};
struct list_expression  : seq< list, other_postfix > {};

// case
struct arrow            : sign< "->" > {};
struct pattern          : seq< signed_literal > {};
struct patterns         : seq< must< pattern >, star< seq< one< '|' >, not_at< one< '|', '>' > >, ws >, must< pattern > > > {};
struct else_arm         : seq< keyword< "else" >, ws, must< arrow >, must< value > > {};
struct condition_arm    : seq< value, must< arrow >, must< value > > {};
struct pattern_arm      : seq< patterns, must< arrow >, must< value > > {};
struct arm_end          : sor< sign< "," >, at< one< '}' > > > {};
struct condition_case_arm : seq< not_at< one< '}' > >, sor< else_arm, condition_arm >, must< arm_end > > {};
struct pattern_case_arm : seq< not_at< one< '}' > >, sor< else_arm, pattern_arm >, must< arm_end > > {};
struct close_case       : one< '}' > {};
struct condition_case   : seq< sign< "{" >, star< condition_case_arm >, must< close_case > > {};
struct pattern_case     : seq< must< value >, must< open_brace >, star< pattern_case_arm >, must< close_case > > {};
struct case_            : seq< keyword< "case" >, ws, sor< condition_case, pattern_case > > {};

// Primaries
struct group            : seq< sign< "(" >, must< value >, must< close_paren_here >, must< no_call_on_group >, other_postfix > {};
struct literal_value    : seq< literal, must< no_postfix > > {};
struct primary          : sor< literal_value, case_, group, list_expression, name_expression > {};
struct operand          : seq< primary, must< no_glued_comment >, ws > {};

// |> and as
struct pipe_function    : seq< name_here, star< field >, opt< call > > {};
struct pipe             : seq< sign< "|>" >, must< pipe_function >, must< no_glued_comment >, ws > {};
struct outcome_body     : seq< one< '{' >, ws, sor< one< '}' >, seq< effect_word, not_at< one< '-', '=' > > > > > {};
struct outcome_ahead    : seq< raw_name, ws, outcome_body > {};
struct fallback         : seq< word< "or" >, signed_literal > {};
struct cast             : seq< keyword< "as" >, ws, not_at< outcome_ahead >, must< cast_type >, opt< fallback > > {};
struct pipeline         : seq< operand, star< sor< pipe, cast > > > {};

// Arithmetic
struct unary_operand;
struct negate           : seq< minus_sign, ws, must< unary_operand > > {};
struct unary            : sor< negate, pipeline > {};
struct unary_operand    : seq< unary > {};
struct product_operator : sor< one< '*' >, seq< one< '/' > >, one< '%' > > {};
struct product_operand  : seq< unary > {};
struct product          : seq< unary, star< product_operator, ws, must< product_operand > > > {};
struct sum_operator     : sor< one< '+' >, minus_sign > {};
struct sum_operand      : seq< product > {};
struct sum              : seq< product, star< sum_operator, ws, must< sum_operand > > > {};
struct concat_operator  : exactly< "||" > {};
struct concat_operand   : seq< sum > {};
struct concat           : seq< sum, star< concat_operator, ws, must< concat_operand > > > {};
struct coalesce_operator : exactly< "??" > {};
struct coalesce_operand : seq< concat > {};
struct coalesce         : seq< concat, star< coalesce_operator, ws, must< coalesce_operand > > > {};

// Comparisons do not chain
struct compare_written  : sor< exactly< "!=" >, exactly< "<=" >, exactly< ">=" >, exactly< "=" >, exactly< "<" >, exactly< ">" > > {};
struct compare_operator : seq< compare_written > {};
struct compared         : seq< coalesce > {};
struct comparison_sign  : seq< compare_operator, ws, must< compared > > {};
struct is_missing       : seq< word< "missing" > > {};
struct is_not_missing   : seq< word< "not" >, word< "missing" > > {};
struct is_present       : seq< word< "present" > > {};
struct distinct_from    : seq< word< "distinct" >, word< "from" > > {};
struct is_distinct      : seq< distinct_from, must< compared > > {};
struct is_not_distinct  : seq< word< "not" >, distinct_from, must< compared > > {};
struct is_what          : sor< is_missing, is_not_missing, is_present, is_distinct, is_not_distinct > {};
struct is_tail          : seq< keyword< "is" >, ws, must< is_what > > {};
struct negated          : seq< word< "not" > > {};
struct open_members     : sign< "(" > {};
struct next_member      : seq< not_at< one< ')' > >, expression > {};
struct members          : seq< must< value >, star< sign< "," >, must< next_member > > > {};
struct in_tail          : seq< keyword< "in" >, ws, must< open_members >, members, must< close_paren > > {};
struct between_and      : word< "and" > {};
struct between_tail     : seq< keyword< "between" >, ws, not_at< clock >, must< compared >, must< between_and >, must< compared > > {};
struct the_regex        : seq< regex > {};
struct matches_tail     : seq< keyword< "matches" >, ws, must< the_regex > > {};
struct escape_text      : seq< text, ws > {};
struct like_escape      : seq< word< "escape" >, must< escape_text > > {};
struct like_tail        : seq< keyword< "like" >, ws, must< compared >, opt< like_escape > > {};
struct not_tail         : seq< at< not_in >, negated, sor< in_tail, between_tail, matches_tail, like_tail > > {};
struct comparison_tail  : sor< comparison_sign, is_tail, in_tail, between_tail, matches_tail, like_tail, not_tail > {};
struct no_chain         : not_at< sor< compare_written, keyword< "is" >, keyword< "matches" >, keyword< "like" > > > {};
struct comparison       : seq< coalesce, opt< comparison_tail, must< no_chain > > > {};

// Logic
struct not_operand;
struct not_             : seq< keyword< "not" >, ws, must< not_operand > > {};
struct negation         : sor< not_, comparison > {};
struct not_operand      : seq< negation > {};
struct and_operator     : keyword< "and" > {};
struct and_operand      : seq< negation > {};
struct conjunction      : seq< negation, star< and_operator, ws, must< and_operand > > > {};
struct or_operator      : keyword< "or" > {};
struct or_operand       : seq< conjunction > {};
struct disjunction      : seq< conjunction, star< or_operator, ws, must< or_operand > > > {};
struct expression       : seq< disjunction > {};

}  // namespace backfill::grammar
