// SPDX-License-Identifier: Apache-2.0
// Effects but derivations: each becomes an ir::Effect, its conditions and values become values of the row.
#pragma once

#include <optional>
#include <vector>

#include "compiler/check/context.h"
#include "compiler/check/expression.h"
#include "compiler/check/target.h"

namespace backfill::check {

// False where the condition is missing.
const ir::Expr* never_missing(Context& context, const ir::Expr* condition);
// The index in RowFunction::values.
int add_value(Context& context, const ir::Expr* value);
// Where the effect applies; null: to every candidate. Its own facts are the caller's to learn.
const ir::Expr* guard_of(Context& context, const syntax::Effect& effect, const Group& group);

// Both hold; null is always.
const ir::Expr* both(Context& context, const ir::Expr* left, const ir::Expr* right);
// And `ensure`. `each`: the `for` that it stands in, or null.
void check_insert(Context& context, const syntax::Effect& effect, const Group& group,
                  const syntax::Effect* each = nullptr);
void check_updated(Context& context);  // once all effects are checked: what conflicts update
void check_others(Context& context, const syntax::Effect& effect,
                  const Group& group);  // update, delete ... in
void check_copied(Context& context);    // once all is checked: what updates copy within the rows they write
// Of a merge whose Group is the query `merge`; `span` is the merge's.
void check_repoints(Context& context, int merge, Span span);
void check_merge(Context& context);  // and `repoint`
// The columns by which any row of the table is found again; empty: it has none.
std::vector<int> whole_key(const schema::Table& table);
// BF0611 where deleting rows of `table` writes rows that are not captured.
void check_reach_of_delete(Context& context, Span span, const schema::Table& table);
// `p.id` of a row that an effect above has named. Nothing: it is something else, or (`effect` -1) reported.
// The effect that `p.id` names, -1: none.
int passed_from(const Context& context, const syntax::Expr& expr);
std::optional<ir::Passed> passed_by(Context& context, const syntax::Expr& expr, const schema::Column& to);

// Every `delete` of the row itself: together they are one effect.
struct Deletions {
  std::vector<const ir::Expr*> guards;  // null: always
  const syntax::Effect* first = nullptr;
};
void check_delete(Context& context, const syntax::Effect& effect, const Group& group, Deletions& deletions);
void add_delete(Context& context, const Deletions& deletions);

}  // namespace backfill::check
