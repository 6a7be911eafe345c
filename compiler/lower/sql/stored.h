// SPDX-License-Identifier: Apache-2.0
// Values as columns hold them, in SQL.
#pragma once

#include <string>
#include <string_view>

#include "compiler/lower/sql/dialect.h"

namespace backfill::lower_sql {

// Are the two distinct (Dialect::distinct), as columns of the type hold them? PostgreSQL's json and other
// types have no equality of their own, and are compared as texts.
inline std::string stored_distinct(const Dialect& dialect, std::string_view left, std::string_view right,
                                   const stdlib::Type& type) {
  const bool has_equality = dialect.id() != stdlib::Dialect::Postgres ||
                            (type.kind != stdlib::Kind::Json && type.kind != stdlib::Kind::Opaque);
  if (has_equality) return dialect.distinct(left, right);
  return dialect.distinct(std::string(left) + "::text", std::string(right) + "::text");
}

}  // namespace backfill::lower_sql
