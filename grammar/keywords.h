// SPDX-License-Identifier: Apache-2.0
// Which words are kept from names, and where. Everything else is soft: a column may be called `owner` or
// `scope`.
#pragma once

#include "grammar/pegtl.h"

// clang-format off
namespace backfill::grammar {

// At the head of an expression; quote them to use them as columns. After `.` and in name positions nothing is reserved.
struct order_by      : seq< keyword< "order" >, plus< one< ' ', '\t', '\r', '\n' > >, keyword< "by" > > {};
struct reserved      : sor< keyword< "and" >, keyword< "or" >, keyword< "not" >, keyword< "is" >, keyword< "in" >,
                            keyword< "between" >, keyword< "like" >, keyword< "matches" >, keyword< "as" >, keyword< "case" >,
                            keyword< "else" >, keyword< "true" >, keyword< "false" >, keyword< "missing" >, order_by > {};

// Words that begin a clause, in the file, in a backfill and in its blocks
struct file_word     : sor< keyword< "backfill" >, keyword< "use" >, keyword< "fn" >, keyword< "extern" >,
                            keyword< "param" >, keyword< "source" > > {};
struct effect_word   : sor< keyword< "derive" >, keyword< "insert" >, keyword< "ensure" >, keyword< "update" >, keyword< "delete" >,
                            keyword< "merge" >, keyword< "repoint" >, keyword< "for" >, keyword< "when" >, keyword< "otherwise" > > {};
struct body_word     : sor< effect_word, keyword< "about" >, keyword< "owner" >, keyword< "intent" >, keyword< "table" >,
                            keyword< "tables" >, keyword< "documents" >, keyword< "lookup" >, keyword< "let" >, keyword< "scope" >,
                            keyword< "stages" >, keyword< "pace" >, keyword< "verify" >, keyword< "rollback" >, keyword< "impact" >,
                            keyword< "test" >, keyword< "requires" >, keyword< "after" >, keyword< "expect" > > {};
struct block_word    : sor< keyword< "where" >, keyword< "exclude" >, keyword< "review" >, keyword< "batch" >, keyword< "pause" >,
                            keyword< "at" >, keyword< "hold" >, keyword< "stop" >, keyword< "sample" >, keyword< "metric" >,
                            keyword< "capture" >, keyword< "restore" >, keyword< "visible" >, keyword< "decision_bearing" >,
                            keyword< "tell" >, keyword< "given" >, keyword< "with" > > {};

// What goes on with an expression although it follows a word
struct going_on      : sor< keyword< "is" >, keyword< "in" >, keyword< "between" >, keyword< "like" >, keyword< "matches" >,
                            keyword< "and" >, keyword< "or" >, keyword< "as" >, keyword< "when" >, keyword< "because" >,
                            keyword< "unless" >, keyword< "unknown" >, keyword< "then" >, keyword< "order" > > {};
struct not_in        : seq< keyword< "not" >, plus< one< ' ', '\t' > >,
                            sor< keyword< "in" >, keyword< "between" >, keyword< "like" >, keyword< "matches" > > > {};

// A clause word first on its line, followed by blanks and a name, `"` or `{`: no column, so that a `where` left empty
// does not eat the next clause
struct clause_head   : seq< first_on_line, sor< file_word, body_word, block_word >, plus< one< ' ', '\t' > >,
                            sor< one< '"', '{' >, seq< not_at< sor< going_on, not_in > >, peg::ranges< 'a', 'z', 'A', 'Z', '_' > > > > {};

}  // namespace backfill::grammar
