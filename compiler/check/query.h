// SPDX-License-Identifier: Apache-2.0
// Queries over other rows: what their parts mean, and what the schema's keys prove of them.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// Table, condition and order; null: reported. The query is not part of the program yet.
struct CheckedQuery {
  ir::Query query;
  int depth = 0;                           // how many queries stand around it
  std::map<int, const ir::Expr*> columns;  // the nodes of the other row's columns
};
std::optional<CheckedQuery> check_rows(Context& context, const syntax::Query& query);
// An expression over the rows of a query that was checked: what is summed, compared, listed. `bare_is_own`: a
// column that does not say whose it is is this row's.
const ir::Expr* check_over_rows(Context& context, const syntax::Query& syntax, CheckedQuery& checked,
                                const syntax::Expr& expr, bool bare_is_own = false);
// Does it read a column of the row that the query at that depth looks at?
bool reads_other(const ir::Expr& expr, int depth);

// An order that can be one; false: reported.
bool check_order(Context& context, const std::vector<syntax::OrderKey>& keys, ir::Query& query);
// What the sum of values of the type is; nothing: they have none.
std::optional<stdlib::Type> type_of_sum(const stdlib::Type& type);

// BF1001 unless a unique key proves that `where` finds one row at most.
bool proves_at_most_one(Context& context, const ir::Query& query, Span span);
// BF1002 unless a unique key proves that no two rows stand at the same place of the order.
bool proves_no_tie(Context& context, const ir::Query& query, Span span, int depth = 0);
// Does a foreign key prove that there is a row for each row of this table?
bool is_certain(const Context& context, const ir::Query& query);
// BF1004 for what the catalog's database cannot compute. False: reported.
bool is_computable(Context& context, const ir::Query& query);

}  // namespace backfill::check
