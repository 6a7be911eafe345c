// SPDX-License-Identifier: Apache-2.0
// The table and its key; what a backfill writes; whether running it twice does harm.
#pragma once

#include "compiler/check/context.h"
#include "compiler/check/path.h"

namespace backfill::check {

// Sets out.table; null and reported where the schema has none. Before everything else.
bool find_table(const syntax::Backfill& spec, const schema::Catalog& catalog, diagnostic::Sink& sink,
                ir::Backfill& out);
// Sets out.key, and makes the key's columns the first inputs.
void check_key(Context& context);
// `let`s and functions: into context.names; functions are checked where they stand.
void check_definitions(Context& context);
// where, exclusions, reviews. The facts that hold for a candidate stay in the context.
void check_scope(Context& context);
void check_derivations(Context& context);
// Needs scope and derivations: sets the guard and the class code.
void build_class_code(Context& context);
// BF0602: a derivation that reads what the backfill writes must not be able to run over its own result.
struct Written {
  const syntax::Effect* effect;
  const ir::Expr* value;
  const ir::Expr* when;  // null: always
  Part target;
};
// `targets`: of all derivations, those that only fill too.
void check_repeatable(Context& context, const std::vector<Written>& written,
                      const std::vector<Part>& targets);
void check_rollout(Context& context);
void check_proportion(Context& context);
void check_tests(Context& context);
// BF0901 for every clause that this version does not run.
void check_unsupported(Context& context);

}  // namespace backfill::check
