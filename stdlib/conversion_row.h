// SPDX-License-Identifier: Apache-2.0
// Rows named `as` with one parameter and a native body, as the files functions_conversion*.cc write them
// down.
#pragma once

#include <vector>

#include "stdlib/native_conversion.h"
#include "stdlib/row.h"

namespace backfill::stdlib {

// decimal: the target's precision and scale are not known here; the widest stands for them.
template <Kind kind>
Type target(std::span<const Type>) {
  return kind == Kind::Decimal ? decimal(38, 0) : make(kind);
}

struct Bodied {
  Kind from;
  ResultRule to;
  Body body;
  std::vector<RowError> errors;
  SqlTemplate postgres, sqlite;
  std::string_view doc;
  std::vector<Example> examples;
  SqlTemplate mariadb = unavailable(kNotProven);
};

inline void add(std::vector<Function>& table, Bodied conversion) {
  Row(table, "conversion", "as", {{"value", make(conversion.from)}}, conversion.to)
      .body(std::move(conversion.body))
      .fails(std::move(conversion.errors))
      .postgres(conversion.postgres)
      .sqlite(conversion.sqlite)
      .mariadb(conversion.mariadb)
      .doc(conversion.doc)
      .examples(std::move(conversion.examples));
}

inline std::vector<RowError> wrong_form() {
  return {RowError::ConversionFailed};
}
inline std::vector<RowError> wrong_form_or_range() {
  return {RowError::ConversionFailed, RowError::Overflow};
}

}  // namespace backfill::stdlib
