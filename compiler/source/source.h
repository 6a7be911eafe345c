// SPDX-License-Identifier: Apache-2.0
// One source text with its name; spans into it; lines and columns for people and for editors.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::source {

// Half-open byte range [begin, end) of one file's text.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

// 1-based. `column` counts characters (code points), `utf16_column` counts UTF-16 units (0-based, for LSP).
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
  std::uint32_t utf16_column = 0;
};

// Owns its text. Lookups are O(log lines) plus the length of one line.
class File {
 public:
  File(std::string name, std::string text);

  [[nodiscard]] const std::string& name() const { return name_; }
  [[nodiscard]] std::string_view text() const { return text_; }
  [[nodiscard]] std::string_view text(Span span) const;
  [[nodiscard]] Position position(std::uint32_t offset) const;
  // The line that holds `offset`, without its newline.
  [[nodiscard]] Span line_at(std::uint32_t offset) const;
  [[nodiscard]] std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }

 private:
  std::string name_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

// Files of 4 GiB or more are refused, as are ones that cannot be read.
Result<File> read_file(const std::string& path);

}  // namespace backfill::source
