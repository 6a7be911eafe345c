// SPDX-License-Identifier: Apache-2.0
// Aligned columns for people.
#pragma once

#include <string>
#include <vector>

namespace backfill::cli {

enum class Align { Left, Right };

class Table {
 public:
  // A heading may be empty; without any heading no heading line is printed.
  explicit Table(std::vector<std::pair<std::string, Align>> columns) : columns_(std::move(columns)) {}

  void row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }
  // A line above a total, under the first `columns` columns.
  void rule(std::size_t columns) { rows_.emplace_back(columns, kRule); }
  [[nodiscard]] bool empty() const { return rows_.empty(); }
  // Two blanks between columns; cells are cut at `widest` characters. Control characters are shown escaped.
  [[nodiscard]] std::string text(std::size_t indent, std::size_t widest = 60) const;

 private:
  static constexpr const char* kRule = "\x01";
  std::vector<std::pair<std::string, Align>> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace backfill::cli
