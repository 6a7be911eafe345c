// SPDX-License-Identifier: Apache-2.0
// Forms that several rows share in PostgreSQL's SQL. PostgreSQL ends the whole statement where one row
// fails, so a row that fails for us is NULL there, behind a guard that itself cannot fail.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "stdlib/row.h"

namespace backfill::stdlib::postgres_form {

inline std::string_view type_of(Kind kind) {
  return kind == Kind::Int16 ? "int2" : kind == Kind::Int32 ? "int4" : "int8";
}
// A type in which sums and products of two of the kind always fit.
inline std::string_view wider(Kind kind) {
  return kind == Kind::Int16 ? "int4" : kind == Kind::Int32 ? "int8" : "numeric";
}
inline std::string_view least(Kind kind) {
  return kind == Kind::Int16 ? "-32768" : kind == Kind::Int32 ? "-2147483648" : "-9223372036854775808";
}
inline std::string_view most(Kind kind) {
  return kind == Kind::Int16 ? "32767" : kind == Kind::Int32 ? "2147483647" : "9223372036854775807";
}
// `BETWEEN ... AND ...` of the integers that fit.
inline std::string range(Kind kind) {
  return fmt::format("BETWEEN {} AND {}", least(kind), most(kind));
}

// A decimal past the digits of the result's type is a row error of ours, and a number like any other there.
inline std::string bounded(std::string_view number) {
  return fmt::format(
      "(SELECT CASE WHEN abs(n.n) < 1e{{w}}::numeric THEN n.n END FROM (SELECT {} AS n OFFSET 0) AS n)",
      number);
}

constexpr std::string_view kGreatestFloat = "'1.7976931348623157e308'::float8";
constexpr std::string_view kScale = "'1.0715086071862673e301'::float8";           // 2^1000
constexpr std::string_view kScaledSmallest = "'2.6469779601696886e-23'::float8";  // 2^1000 * 2^-1075

}  // namespace backfill::stdlib::postgres_form
