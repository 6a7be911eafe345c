// SPDX-License-Identifier: Apache-2.0
// The table and its key; what a backfill writes; whether running it twice does harm.
#pragma once

#include <functional>

#include "compiler/check/context.h"
#include "compiler/check/path.h"

namespace backfill::check {

// Sets out.table; null and reported where the schema has none. Before everything else.
// `index`: of the tables that it names.
bool find_table(const syntax::Backfill& spec, std::size_t index, const schema::Catalog& catalog,
                diagnostic::Sink& sink, ir::Backfill& out);
// Sets out.key, and makes the key's columns the first inputs.
void check_key(Context& context);
// The one table that the name means; null and reported where there is none, or more than one.
const schema::Table* find_table(const syntax::QualifiedName& name, const schema::Catalog& catalog,
                                const std::function<void(Diagnostic)>& report);
// `let`s, lookups and functions: into context.names and context.lookups, in the order in which they stand;
// functions are checked where they stand.
void check_definitions(Context& context);
// `param`s, into context.names.
void check_params(Context& context);
void check_extern(Context& context, const syntax::Function& function);  // where it is declared
// After the rollout: where extern functions are asked that cannot be.
void check_externs(Context& context);
// After the derivations: queries over the table itself.
void check_own_table(Context& context);
void check_lookup(Context& context, const syntax::Lookup& lookup);
// where, exclusions, reviews. The facts that hold for a candidate stay in the context.
void check_scope(Context& context);
// Derivations and all other effects: outputs, values, what they need to be kept apart.
void check_effects(Context& context);
// Every `derive`, also those of guarded groups.
void each_derive(const syntax::Backfill& spec, const std::function<void(const syntax::Effect&)>& visit);
// Needs scope and derivations: sets the guard and the class code.
void build_class_code(Context& context);
// BF0602: a derivation that reads what the backfill writes must not be able to run over its own result.
struct Written {
  const syntax::Effect* effect;
  const ir::Expr* value;
  const ir::Expr* when;  // null: always
  Part target;
};
// What derivations have in common while they are checked, one after the other.
struct Derived {
  const syntax::Effect* effect;
  int column;
  const ir::Expr* path;    // a literal; null: the whole column
  const ir::Expr* stored;  // what stands there before
  int outcome = -1;        // of its group
};
struct Derivations {
  std::vector<Written> written;
  std::vector<Derived> all;
};
// A guarded group, or what stands in none.
struct Group {
  int outcome = -1;
  const ir::Expr* condition = nullptr;  // never missing; null: always
};
// "code, currency".
[[nodiscard]] std::string names_of(const schema::Table& table, const std::vector<int>& columns);
void check_derive(Context& context, const syntax::Effect& effect, const Group& group,
                  Derivations& derivations);
// Of what has been checked: once all effects have.
void finish_derivations(Context& context, const Derivations& derivations);
// `targets`: of all derivations, those that only fill too.
void check_repeatable(Context& context, const std::vector<Written>& written,
                      const std::vector<Part>& targets);
void check_rollout(Context& context);
void check_requirements(Context& context);  // `requires` and `after`
void check_proportion(Context& context);
void check_tests(Context& context);

}  // namespace backfill::check
