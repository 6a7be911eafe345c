// SPDX-License-Identifier: Apache-2.0
// What a backfill is about and what it reads: everything that stands before the rows and the effects.
#pragma once

#include "grammar/expressions.h"

// clang-format off
namespace backfill::grammar {

struct the_name         : seq< name > {};
struct the_table        : seq< qualified_name > {};
struct the_prose        : seq< prose > {};
struct the_type         : seq< type > {};
struct equals           : sign< "=" > {};
struct colon            : sign< ":" > {};
struct item_end         : sor< sign< "," >, at< one< '}' > > > {};
struct open_names       : sign< "(" > {};
struct names            : seq< must< open_names >, must< the_name >, star< sign< "," >, must< the_name > >, must< close_paren > > {};

// about, owner, intent
struct about            : seq< word< "about" >, must< the_prose > > {};
struct owner            : seq< word< "owner" >, must< the_prose > > {};
struct intent_word      : sor< keyword< "fill" >, keyword< "recompute" >, keyword< "amend" >, keyword< "reinterpret" > > {};
struct the_intent       : seq< intent_word, ws > {};
struct approved         : seq< word< "approved" >, must< by_word >, must< the_prose > > {};
struct intent           : seq< word< "intent" >, must< the_intent >, opt< approved > > {};

// table, tables, documents
struct key_list         : sor< seq< at< one< '(' > >, names >, seq< the_name > > {};
struct key_word         : word< "key" > {};
struct key              : seq< key_word, must< key_list > > {};
struct table            : seq< word< "table" >, must< the_table >, opt< key > > {};
struct tables           : seq< word< "tables" >, must< open_names >, must< the_table >,
                               star< sign< "," >, must< the_table > >, must< close_paren >, opt< key > > {};
struct from_word        : word< "from" > {};
struct must_key         : seq< key > {};
struct store            : seq< name > {};
struct document_schema  : seq< word< "schema" >, must< the_prose > > {};
struct documents        : seq< word< "documents" >, must< the_table >, must< must_key >, must< from_word >, must< store >,
                               must< the_prose >, opt< document_schema > > {};

// lookup, let
struct lookup_kind      : seq< sor< keyword< "first" >, keyword< "only" > >, ws, at< range_start > > {};
struct guard            : seq< word< "when" >, must< value > > {};
struct outcome_name     : seq< word< "as" >, must< the_name > > {};
struct lookup_query     : seq< opt< lookup_kind >, range_here, opt< query_where >, opt< order > > {};
struct lookup           : seq< word< "lookup" >, must< the_name >, must< equals >, must< lookup_query > > {};
struct let              : seq< word< "let" >, must< the_name >, must< equals >, must< value > > {};

// param, source
struct param_initial    : seq< sign< "=" >, must< value > > {};
struct param            : seq< word< "param" >, must< the_name >, must< colon >, must< the_type >, opt< param_initial > > {};
struct field_key        : word< "key" > {};
struct source_field     : seq< not_at< one< '}' > >, must< the_name >, must< colon >, must< the_type >, opt< field_key >,
                               must< item_end > > {};
struct source           : seq< word< "source" >, must< the_name >, must< from_word >, must< the_prose >,
                               must< open_brace >, star< source_field >, must< close_brace > > {};

// requires, after, expect about
struct requires_        : seq< word< "requires" >, must< value > > {};
struct after            : seq< word< "after" >, must< the_name >, star< sign< "," >, must< the_name > > > {};
struct about_rows       : seq< count > {};
struct about_word       : word< "about" > {};
struct rows_word        : seq< sor< keyword< "rows" >, keyword< "row" > >, ws > {};
struct expect_about     : seq< word< "expect" >, must< about_word >, must< about_rows >, must< rows_word > > {};

// Functions and modules
struct parameter        : seq< not_at< one< ')' > >, must< the_name >, must< colon >, must< the_type > > {};
struct parameters       : seq< must< open_names >, opt< parameter, star< sign< "," >, must< parameter > > >, must< close_paren > > {};
struct fn_word          : word< "fn" > {};
struct extern_effect    : word< "effect" > {};
struct function         : seq< word< "fn" >, must< the_name >, parameters, must< arrow >, must< the_type >, must< equals >, must< value > > {};
struct extern_function  : seq< word< "extern" >, opt< extern_effect >, must< fn_word >, must< the_name >, parameters, must< arrow >, must< the_type > > {};
struct used_module      : sor< prose, qualified_name > {};
struct use              : seq< word< "use" >, must< used_module > > {};

}  // namespace backfill::grammar
