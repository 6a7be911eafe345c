// SPDX-License-Identifier: Apache-2.0
// The groups of a merge, as the database finds them.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"

namespace backfill::lower_sql {

struct GroupSql {
  std::string rows;  // a SELECT: the key's columns, then v0, v1, ...
  stdlib::Availability availability = stdlib::Availability::Same;
  std::string reason;
  source::Span place;
};
// `only`: more of its WHERE, by the row's alias; null: every row.
GroupSql group_rows(const ir::Backfill& backfill, const Dialect& dialect,
                    std::optional<evaluate::Moment> moment, int query,
                    const std::function<std::string(std::string_view alias)>& only = nullptr);
// Of frozen groups some of which are meant (`meant`, by the alias of a row of `frozen`), the keys of those
// that are no longer so: a row of one has gone, has come, or says something else that counts.
std::string stale_groups(const ir::Backfill& backfill, const Dialect& dialect, int query,
                         const std::string& frozen,
                         const std::function<std::string(std::string_view alias)>& meant);

}  // namespace backfill::lower_sql
