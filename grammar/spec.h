// SPDX-License-Identifier: Apache-2.0
// A whole file.
#pragma once

#include "grammar/example.h"

// clang-format off
namespace backfill::grammar {

// A lookup's guard may turn out to be the next clause, as an effect's may
struct guarded_lookup   : seq< lookup, opt< when > > {};

struct body_clause      : sor< about, owner, intent, tables, table, documents, param, source, function, extern_function, guarded_lookup,
                               let, scope, effect, stages, pace, verify, rollback, impact, test, requires_, after, expect_about > {};
struct backfill_body    : lines< body_clause > {};
struct backfill         : seq< word< "backfill" >, must< the_name >, backfill_body > {};

struct file_clause      : sor< backfill, use, function, extern_function, param, source > {};
struct file             : seq< opt< byte_order >, ws, until< peg::eof, recovering< must< file_clause > > > > {};

}  // namespace backfill::grammar
