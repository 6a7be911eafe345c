// SPDX-License-Identifier: Apache-2.0
// Pieces of text that the statements of effects share.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/sqlite/dialect.h"

namespace backfill::database::sqlite {

inline std::string quote(std::string_view name) {
  return dialect().quote(name);
}

inline const schema::Column& column_of(const ir::Effect& effect, int column) {
  return effect.table->columns[static_cast<std::size_t>(column)];
}

inline std::string names_of(const ir::Effect& effect, const std::vector<int>& columns, std::string_view alias,
                            std::string_view prefix = "") {
  std::vector<std::string> names;
  for (const int column : columns)
    names.push_back(std::string(alias) + quote(std::string(prefix) + column_of(effect, column).name));
  return fmt::format("{}", fmt::join(names, ", "));
}

inline std::string in_parentheses(const std::string& list, std::size_t count) {
  return count == 1 ? list : "(" + list + ")";
}

inline std::string bound(int from, std::size_t count) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < count; ++i) parts.push_back(fmt::format("?{}", from + static_cast<int>(i)));
  return fmt::format("{}", fmt::join(parts, ", "));
}

}  // namespace backfill::database::sqlite
