// SPDX-License-Identifier: Apache-2.0
#include "compiler/source/source.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <limits>

namespace backfill::source {
namespace {

// A byte that begins a character; anything else continues one.
bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// Characters of four bytes lie outside the basic plane: UTF-16 needs two units for them.
bool needs_surrogates(char c) {
  return static_cast<unsigned char>(c) >= 0xF0U;
}

}  // namespace

File::File(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {
  line_starts_.push_back(0);
  for (std::size_t at = text_.find('\n'); at != std::string::npos; at = text_.find('\n', at + 1))
    line_starts_.push_back(static_cast<std::uint32_t>(at + 1));
}

std::string_view File::text(Span span) const {
  const std::size_t begin = std::min<std::size_t>(span.begin, text_.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, text_.size());
  return std::string_view(text_).substr(begin, end - begin);
}

Position File::position(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Position position;
  position.line = static_cast<std::uint32_t>(after - line_starts_.begin());
  for (std::uint32_t at = *std::prev(after); at < offset; ++at) {
    if (!begins_character(text_[at])) continue;
    ++position.column;
    position.utf16_column += needs_surrogates(text_[at]) ? 2 : 1;
  }
  return position;
}

Span File::line_at(std::uint32_t offset) const {
  offset = std::min(offset, static_cast<std::uint32_t>(text_.size()));
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  Span line{*std::prev(after), static_cast<std::uint32_t>(text_.size())};
  if (after != line_starts_.end()) line.end = *after - 1;
  if (line.end > line.begin && text_[line.end - 1] == '\r') --line.end;
  return line;
}

Result<File> read_file(const std::string& path) {
  std::error_code none;
  if (std::filesystem::is_directory(path, none))
    return fatal(fmt::format("`{}` is a directory", path), "name the file in it");
  std::ifstream stream(path, std::ios::binary | std::ios::ate);
  if (!stream) return fatal(fmt::format("cannot open `{}`: {}", path, std::strerror(errno)));
  const std::streamoff size = stream.tellg();
  if (size < 0) return fatal(fmt::format("cannot read `{}`: it is no regular file", path));
  if (size >= std::numeric_limits<std::uint32_t>::max())
    return fatal(fmt::format("`{}` is 4 GiB or larger", path));
  std::string text(static_cast<std::size_t>(size), '\0');
  stream.seekg(0);
  if (!stream.read(text.data(), size)) return fatal(fmt::format("cannot read `{}`", path));
  return File(path, std::move(text));
}

}  // namespace backfill::source
