// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/table.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::cli {

namespace {

bool continues(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
}

std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, [](char c) { return !continues(c); }));
}

std::string shown(const std::string& text, std::size_t widest) {
  std::string out;
  std::size_t count = 0;
  for (const char c : text) {
    if (!continues(c) && ++count > widest) return out + "...";
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7F) {
      out += c == '\n' ? "\\n" : fmt::format("\\x{:02x}", static_cast<unsigned char>(c));
    } else {
      out += c;
    }
  }
  return out;
}

}  // namespace

std::string Table::text(std::size_t indent, std::size_t widest) const {
  std::vector<std::vector<std::string>> lines;
  const bool headed = std::ranges::any_of(columns_, [](const auto& column) { return !column.first.empty(); });
  if (headed) {
    lines.emplace_back();
    for (const auto& [heading, align] : columns_) lines.back().push_back(heading);
  }
  for (const auto& row : rows_) {
    lines.emplace_back();
    for (const std::string& cell : row) lines.back().push_back(cell == kRule ? cell : shown(cell, widest));
  }
  std::vector<std::size_t> widths(columns_.size(), 0);
  for (const auto& line : lines) {
    for (std::size_t k = 0; k < line.size(); ++k) widths[k] = std::max(widths[k], characters(line[k]));
  }
  std::string out;
  for (const auto& line : lines) {
    std::string printed(indent, ' ');
    for (std::size_t k = 0; k < columns_.size(); ++k) {
      std::string cell = k < line.size() ? line[k] : "";
      if (cell == kRule) cell = std::string(widths[k], '-');
      const std::string pad(widths[k] - characters(cell), ' ');
      if (k > 0) printed += "  ";
      printed += columns_[k].second == Align::Right ? pad + cell : cell + pad;
    }
    printed.erase(printed.find_last_not_of(' ') + 1);
    out += printed + "\n";
  }
  return out;
}

}  // namespace backfill::cli
