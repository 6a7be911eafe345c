// SPDX-License-Identifier: Apache-2.0
// Names, prose and types.
#include <algorithm>

#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

// The blanks that every line but the first has in front, unless it is empty.
std::size_t common_indent(std::string_view words) {
  std::size_t indent = words.size();
  for (std::size_t at = words.find('\n'); at != std::string_view::npos; at = words.find('\n', at + 1)) {
    const std::size_t letter = words.find_first_not_of(" \t", at + 1);
    if (letter == std::string_view::npos || words[letter] == '\n') continue;
    indent = std::min(indent, letter - at - 1);
  }
  return indent;
}

// Prose in """ is shown without the first newline, the common indentation, and the last line's blanks.
std::string unindent(std::string_view words) {
  const std::size_t indent = common_indent(words);
  std::string result;
  for (std::size_t at = 0; at < words.size(); ++at) {
    result += words[at];
    if (words[at] != '\n') continue;
    for (std::size_t i = 0;
         i < indent && at + 1 < words.size() && (words[at + 1] == ' ' || words[at + 1] == '\t'); ++i)
      ++at;
  }
  if (result.starts_with('\n')) result.erase(0, 1);
  result.erase(result.find_last_not_of(" \t\n") + 1);
  return result;
}

}  // namespace

std::string unquote(std::string_view written) {
  const char quote = written.back();
  std::string result;
  for (std::size_t at = written.find(quote) + 1; at + 1 < written.size(); ++at) {
    result += written[at];
    if (written[at] == quote) ++at;
  }
  return result;
}

std::string QualifiedName::text() const {
  std::string joined;
  for (const Name& part : parts) joined += (joined.empty() ? "" : ".") + part.text;
  return joined;
}

Name Builder::name(const Node& node) {
  const std::string_view written = text(node);
  if (written.starts_with('"')) return {unquote(written), node.span, true};
  return {std::string(written), node.span, false};
}

std::vector<Name> Builder::names(const Node& node) {
  std::vector<Name> result;
  for (const Node& child : node.children) result.push_back(name(child));
  return result;
}

QualifiedName Builder::qualified(const Node& node) {
  return {names(node), node.span};
}

Prose Builder::prose(const Node& node) {
  const std::string_view written = text(node);
  if (written.starts_with("\"\"\"") && written.size() >= 6)
    return {unindent(written.substr(3, written.size() - 6)), node.span};
  return {unquote(written), node.span};
}

Type Builder::type(const Node& node) {
  Type result;
  result.span = node.span;
  for (Children children(node); children.more();) {
    const Node& child = children.next();
    if (child.kind == NodeKind::type_name) result.name = qualified(child);
    if (child.kind == NodeKind::list_type)
      result.element = std::make_unique<Type>(type(child.children.at(0)));
    if (child.kind == NodeKind::optional_mark) result.optional = true;
    if (child.kind != NodeKind::digits) continue;
    Literal argument;
    argument.span = child.span;
    number(argument, text(child));
    constexpr __int128 most = 1'000'000'000;
    result.arguments.push_back(static_cast<std::uint32_t>(std::min(argument.integer, most)));
  }
  return result;
}

}  // namespace backfill::syntax
