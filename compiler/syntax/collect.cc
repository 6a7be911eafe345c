// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/collect.h"

#include <algorithm>

#include <array>
#include <iterator>

#include "compiler/syntax/scan.h"

namespace backfill::syntax {
namespace {

constexpr std::array<std::string_view, 6> file_words = {"backfill", "use", "fn", "extern", "param", "source"};

constexpr std::array<std::string_view, 49> clause_words = {
    "derive",  "insert",    "ensure",   "update",
    "delete",  "merge",     "repoint",  "for",
    "when",    "otherwise", "about",    "owner",
    "intent",  "table",     "tables",   "documents",
    "lookup",  "let",       "scope",    "stages",
    "pace",    "verify",    "rollback", "impact",
    "test",    "requires",  "after",    "expect",
    "where",   "exclude",   "review",   "batch",
    "pause",   "at",        "hold",     "stop",
    "between", "workers",   "sample",   "metric",
    "capture", "restore",   "visible",  "decision_bearing",
    "tell",    "given",     "with",     "rest",
    "canary"};

template <typename Words>
bool is_one_of(const Words& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

std::uint32_t column(std::string_view text, std::uint32_t offset) {
  const std::size_t newline = offset == 0 ? std::string_view::npos : text.rfind('\n', offset - 1);
  return offset - static_cast<std::uint32_t>(newline == std::string_view::npos ? 0 : newline + 1);
}

// Follows the braces from where a clause began; indentation tells where to stop when they do not balance.
class Skipper {
 public:
  Skipper(std::string_view text, std::uint32_t begin) : text_(text), column_(column(text, begin)) {}

  // Does the input go on at this token?
  bool stops_at(const Token& token) {
    const std::string_view word = text_.substr(token.span.begin, token.span.end - token.span.begin);
    const bool first_on_line = token.newlines_before > 0;
    const std::uint32_t at = first_on_line ? column(text_, token.span.begin) : 0;
    if (token.kind == TokenKind::Sign && word == "{") ++depth_;
    if (token.kind == TokenKind::Sign && word == "}") {
      if (depth_ == 0 || (first_on_line && at < column_)) return true;
      --depth_;
    }
    if (token.kind != TokenKind::Name || !first_on_line) return false;
    if (is_one_of(file_words, word) && at == 0) return true;
    const bool begins_clause = is_one_of(clause_words, word) || is_one_of(file_words, word);
    return begins_clause && (depth_ == 0 || at <= column_);
  }

 private:
  std::string_view text_;
  std::uint32_t column_;
  std::uint32_t depth_ = 0;
};

}  // namespace

std::size_t skip_clause(std::string_view text, std::uint32_t begin) {
  Skipper skipper(text, begin);
  Token previous;
  bool first = true;
  for (std::uint32_t at = begin;;) {
    const Token token = scan_one(text, at, previous);
    if (token.kind == TokenKind::End) return text.size() - begin;
    if (token.kind != TokenKind::Comment) {
      const bool stops = skipper.stops_at(token);
      if (stops && !first) return token.span.begin - begin;
      first = false;
      previous = token;
    }
    at = token.span.end;
  }
}

void Collector::close(NodeKind kind, std::uint32_t end, bool collapse) {
  const Opened opened = opened_.back();
  opened_.pop_back();
  if (collapse && nodes_.size() == opened.first + 1) return;
  if (end == blank_.end && blank_.begin >= opened.begin) end = blank_.begin;
  Node node{kind, {opened.begin, end}, {}};
  const auto first = nodes_.begin() + static_cast<std::ptrdiff_t>(opened.first);
  node.children.assign(std::make_move_iterator(first), std::make_move_iterator(nodes_.end()));
  nodes_.erase(first, nodes_.end());
  nodes_.push_back(std::move(node));
}

void Collector::discard() {
  nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(opened_.back().first), nodes_.end());
  opened_.pop_back();
}

}  // namespace backfill::syntax
