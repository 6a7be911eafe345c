// SPDX-License-Identifier: Apache-2.0
// The formatter decides the whitespace between tokens and nothing else.
#include "compiler/syntax/format.h"

#include <algorithm>
#include <array>
#include <map>

#include "compiler/syntax/layout.h"

namespace backfill::syntax {
namespace {

struct Piece {
  std::size_t token;
  std::string text;  // with the blanks in front of it
};

struct Line {
  std::size_t indent = 0;
  bool blank_before = false;
  std::vector<Piece> pieces;
};

std::size_t width(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

class Formatter {
 public:
  Formatter(const File& tree, const source::File& file) : file_(file), layout_(lay_out(tree, file)) {}

  std::string format() {
    line_of_.resize(layout_.tokens.size());
    for (std::size_t i = 0; i < layout_.tokens.size(); ++i) place(i);
    align();
    return print();
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t token) const {
    return file_.text(layout_.tokens[token].span);
  }
  [[nodiscard]] const Token& token(std::size_t i) const { return layout_.tokens[i]; }
  [[nodiscard]] bool is_sign(std::size_t i, std::string_view sign) const {
    return token(i).kind == TokenKind::Sign && text(i) == sign;
  }
  [[nodiscard]] bool opens(std::size_t i) const {
    return is_sign(i, "(") || is_sign(i, "[") || is_sign(i, "{");
  }
  [[nodiscard]] bool closes(std::size_t i) const {
    return is_sign(i, ")") || is_sign(i, "]") || is_sign(i, "}");
  }
  [[nodiscard]] bool touches(std::size_t i) const {
    return i > 0 && token(i - 1).span.end == token(i).span.begin;
  }

  void place(std::size_t i) {
    const bool comment = token(i).kind == TokenKind::Comment;
    const bool empty_block = i > 0 && is_sign(i, "}") && is_sign(i - 1, "{");
    const bool breaks = i == 0 || token(i).newlines_before > 0 || (!comment && layout_.begins_line[i]);
    if (breaks && !empty_block) {
      const bool at_edge = i == 0 || (opens(i - 1)) || closes(i);
      lines_.push_back({indent(i), token(i).newlines_before > 1 && !at_edge, {}});
    }
    std::string words(text(i));
    if (comment) words.erase(words.find_last_not_of(" \t\r") + 1);
    const bool first = lines_.back().pieces.empty();
    lines_.back().pieces.push_back({i, (first ? "" : gap(i)) + words});
    line_of_[i] = lines_.size() - 1;
  }

  // What stands in a bracket is indented from the line that opened it; a clause goes on one step further in.
  [[nodiscard]] std::size_t indent(std::size_t i) const {
    const std::size_t open = layout_.parent[i];
    if (closes(i)) return open_indent(matching(i));
    const std::size_t base = open == Layout::none ? 0 : open_indent(open) + 2;
    const bool in_lines = open == Layout::none || layout_.is_block[open];
    return in_lines && !begins_line(i) ? base + 2 : base;
  }
  // A comment belongs to the token after it.
  [[nodiscard]] bool begins_line(std::size_t i) const {
    while (i + 1 < layout_.tokens.size() && token(i).kind == TokenKind::Comment) ++i;
    return layout_.begins_line[i] || closes(i) || token(i).kind == TokenKind::Comment;
  }
  [[nodiscard]] std::size_t open_indent(std::size_t open) const {
    return open == Layout::none ? 0 : lines_[line_of_[open]].indent;
  }
  // The bracket that the closing one at `i` closes.
  [[nodiscard]] std::size_t matching(std::size_t i) const {
    for (std::size_t open = i; open-- > 0;)
      if (layout_.parent[open] == layout_.parent[i] && opens(open)) return open;
    return Layout::none;
  }

  [[nodiscard]] std::string gap(std::size_t i) const {
    if (token(i).kind == TokenKind::Comment) return "  ";
    const bool list_of_rows =
        (is_sign(i - 1, "[") && is_sign(i, "{")) || (is_sign(i - 1, "}") && is_sign(i, "]"));
    if (list_of_rows) return " ";
    const bool tight = is_sign(i, ")") || is_sign(i, "]") || is_sign(i, ",") || is_sign(i, ".") ||
                       is_sign(i, ":") || is_sign(i, "?") || is_sign(i - 1, "(") || is_sign(i - 1, "[") ||
                       is_sign(i - 1, ".");
    if (tight) return "";
    if (is_sign(i, "}") && is_sign(i - 1, "{")) return "";
    const bool postfix =
        token(i - 1).kind == TokenKind::Name || token(i - 1).kind == TokenKind::Prose || closes(i - 1);
    if ((is_sign(i, "(") || is_sign(i, "[")) && postfix && touches(i)) return "";
    if (is_sign(i - 1, "-") && is_unary(i - 1) && !is_sign(i, "-")) return "";
    return " ";
  }

  // A minus with no operand in front of it.
  [[nodiscard]] bool is_unary(std::size_t minus) const {
    if (minus == 0) return true;
    const std::size_t before = minus - 1;
    if (token(before).kind == TokenKind::Sign) return !closes(before) || is_sign(before, "}");
    static constexpr std::array<std::string_view, 12> words = {
        "and", "or", "not", "in", "between", "like", "when", "where", "if", "case", "from", "by"};
    const bool name = token(before).kind == TokenKind::Name;
    return name && std::find(words.begin(), words.end(), text(before)) != words.end();
  }

  // Neighbouring rows of a group, each on one line and with no blank line between, get their columns aligned.
  void align() {
    std::map<int, std::vector<const Row*>> groups;
    for (const Row& row : layout_.rows)
      if (row.first < line_of_.size() && row.last < line_of_.size()) groups[row.group].push_back(&row);
    for (auto& [group, rows] : groups) {
      std::sort(rows.begin(), rows.end(), [](const Row* a, const Row* b) { return a->first < b->first; });
      std::vector<const Row*> section;
      for (const Row* row : rows) {
        const bool goes_on = !section.empty() && follows(*section.back(), *row);
        if (!goes_on) align(section), section.clear();
        if (line_of_[row->first] == line_of_[row->last]) section.push_back(row);
      }
      align(section);
    }
  }

  // Does nothing but lines of comments stand between two rows?
  [[nodiscard]] bool follows(const Row& above, const Row& below) const {
    for (std::size_t line = line_of_[above.last] + 1; line <= line_of_[below.first]; ++line) {
      if (lines_[line].blank_before) return false;
      const bool comment = token(lines_[line].pieces.front().token).kind == TokenKind::Comment;
      if (line != line_of_[below.first] && !comment) return false;
    }
    return line_of_[above.last] < line_of_[below.first];
  }

  void align(const std::vector<const Row*>& section) {
    for (int column = 1; column <= 3; ++column) {
      std::size_t furthest = 0;
      for (const Row* row : section)
        for (const auto& [number, cell] : row->cells)
          if (number == column) furthest = std::max(furthest, width_before(cell));
      for (const Row* row : section)
        for (const auto& [number, cell] : row->cells)
          if (number == column) pad(cell, furthest - width_before(cell));
    }
  }

  [[nodiscard]] std::size_t width_before(std::size_t cell) const {
    std::size_t columns = 0;
    for (const Piece& piece : lines_[line_of_[cell]].pieces) {
      if (piece.token == cell) break;
      columns += width(piece.text);
    }
    return columns;
  }

  void pad(std::size_t cell, std::size_t columns) {
    for (Piece& piece : lines_[line_of_[cell]].pieces)
      if (piece.token == cell) piece.text.insert(0, columns, ' ');
  }

  [[nodiscard]] std::string print() const {
    std::string out;
    for (const Line& line : lines_) {
      if (line.blank_before) out += '\n';
      out.append(line.indent, ' ');
      for (const Piece& piece : line.pieces) out += piece.text;
      out += '\n';
    }
    return out;
  }

  const source::File& file_;
  Layout layout_;
  std::vector<Line> lines_;
  std::vector<std::size_t> line_of_;
};

}  // namespace

std::string format(const File& tree, const source::File& file) {
  if (!tree.complete) return std::string(file.text());
  return Formatter(tree, file).format();
}

}  // namespace backfill::syntax
