// SPDX-License-Identifier: Apache-2.0
// Pieces of text that the statements of effects share.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/postgres/dialect.h"
#include "runtime/database/postgres/lists.h"
#include "runtime/database/postgres/table_sql.h"

namespace backfill::database::postgres {

inline std::string joined(const std::vector<std::string>& parts, std::string_view with = ", ") {
  return fmt::format("{}", fmt::join(parts, with));
}

inline std::string row_name(const schema::Column& column) {
  return dialect().quote("row_" + column.name);
}
// As it was before a conflict's update.
inline std::string was_name(const schema::Column& column) {
  return dialect().quote("was_" + column.name);
}

// Enums and lists come as texts; of character(n) the padding is part of the type.
inline std::string cast_to(const StoredType& type) {
  const bool converts = type.is_enum || type.spelled.starts_with("character(") || type.spelled == "inet" ||
                        element_oid(type.spelled) != 0;
  return converts ? "::" + type.spelled : "";
}

// As the value itself, not as its collation or type may see it.
inline std::string as_itself(const std::string& value, const StoredType& type, const schema::Column& column) {
  if (type.is_json || type.is_enum || column.type.kind == stdlib::Kind::Opaque) return value + "::text";
  return type.is_text ? value + " COLLATE \"C\"" : value;
}

}  // namespace backfill::database::postgres
