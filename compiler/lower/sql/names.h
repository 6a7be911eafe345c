// SPDX-License-Identifier: Apache-2.0
// How the statements of one backfill call its columns, keys and inputs.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/lower/sql/expression.h"
#include "compiler/lower/sql/joins.h"

namespace backfill::lower_sql {

// Both must outlive it.
class Names {
 public:
  Names(const ir::Backfill& backfill, const Dialect& dialect) : backfill_(backfill), dialect_(dialect) {}

  [[nodiscard]] const schema::Column& column(int column) const {
    return backfill_.table->columns[static_cast<std::size_t>(column)];
  }
  // alias."prefix_column"
  [[nodiscard]] std::string of(std::string_view alias, int of_column, std::string_view prefix = "") const {
    return fmt::format("{}.{}", alias, quoted(of_column, prefix));
  }
  [[nodiscard]] std::string quoted(int of_column, std::string_view prefix = "") const {
    return dialect_.quote(std::string(prefix) + column(of_column).name);
  }
  [[nodiscard]] std::string keys(std::string_view alias, std::string_view prefix = "") const {
    std::vector<std::string> parts;
    for (const int key : backfill_.key) parts.push_back(of(alias, key, prefix));
    return fmt::format("{}", fmt::join(parts, ", "));
  }
  [[nodiscard]] std::string row_value(std::string_view alias) const {
    return backfill_.key.size() == 1 ? keys(alias) : "(" + keys(alias) + ")";
  }
  [[nodiscard]] std::string placeholders(int from) const {
    std::vector<std::string> parts;
    for (std::size_t i = 0; i < backfill_.key.size(); ++i)
      parts.push_back(dialect_.placeholder(from + static_cast<int>(i)));
    const std::string joined = fmt::format("{}", fmt::join(parts, ", "));
    return parts.size() == 1 ? joined : "(" + joined + ")";
  }
  [[nodiscard]] std::string same_key(std::string_view alias) const {
    std::vector<std::string> parts;
    for (const int key : backfill_.key)
      parts.push_back(fmt::format("{} = {}", of(alias, key, "key_"), of("t", key)));
    return fmt::format("{}", fmt::join(parts, " AND "));
  }
  // "in_email", "in_0.plan.seats": two lookups may find columns of one name.
  [[nodiscard]] std::string input_name(int input) const {
    const int query = backfill_.row.inputs[static_cast<std::size_t>(input)].query;
    const std::string name = ir::input_name(backfill_, input);
    return dialect_.quote(query < 0 ? "in_" + name : fmt::format("in_{}.{}", query, name));
  }
  // Inputs by those names under `alias`.
  [[nodiscard]] Emitter::ReadInput inputs(std::string alias) const {
    return [this, alias = std::move(alias)](int input, Emitter::Read read) {
      const std::string name = fmt::format("{}.{}", alias, input_name(input));
      if (read == Emitter::Read::Presence || !ir::is_stored(backfill_, input)) return name;
      return dialect_.read(name, ir::input_column(backfill_, input));
    };
  }
  // Queries joined with the table as it stands, under t.
  [[nodiscard]] Joins joins(std::optional<evaluate::Moment> moment) const {
    return {backfill_, dialect_, moment, [this](int of_column) { return of("t", of_column); },
            ir::queries_read(backfill_)};
  }

 private:
  const ir::Backfill& backfill_;
  const Dialect& dialect_;
};

}  // namespace backfill::lower_sql
