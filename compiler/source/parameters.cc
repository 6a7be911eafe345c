// SPDX-License-Identifier: Apache-2.0
#include "compiler/source/parameters.h"

#include <algorithm>

namespace backfill::source {

namespace {

constexpr std::string_view kKept = "--%", kLine = "--%% param ";

}  // namespace

File with_parameters(const File& file, const std::vector<std::string>& parameters) {
  std::string text(file.text());
  for (const std::string& parameter : parameters) {
    if (!text.ends_with('\n')) text += '\n';
    text += std::string(kLine) + parameter + "\n";
  }
  return {file.name(), std::move(text)};
}

std::map<std::string, std::string> parameters_of(std::string_view text) {
  std::map<std::string, std::string> values;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    // What a text is kept with stands behind it, module files included: a comment of the spec sets nothing.
    if (!line.empty() && !line.starts_with(kKept)) values.clear();
    if (!line.starts_with(kLine)) continue;
    line.remove_prefix(kLine.size());
    const std::size_t equals = std::min(line.find('='), line.size());
    values[std::string(line.substr(0, equals))] = line.substr(std::min(equals + 1, line.size()));
  }
  return values;
}

}  // namespace backfill::source
