// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/scan.h"

#include <algorithm>

#include <array>

namespace backfill::syntax {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
bool is_name_letter(char c) {
  return is_letter(c) || is_digit(c);
}

class Scanner {
 public:
  Scanner(std::string_view text, std::uint32_t offset) : text_(text), at_(offset) {}

  Token next(const Token& previous) {
    Token token;
    token.newlines_before = skip_blanks();
    token.span.begin = static_cast<std::uint32_t>(at_);
    token.kind = take(previous);
    token.span.end = static_cast<std::uint32_t>(at_);
    return token;
  }

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  [[nodiscard]] bool looking_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }

  std::uint32_t skip_blanks() {
    std::uint32_t newlines = 0;
    if (at_ == 0 && looking_at("\xEF\xBB\xBF")) at_ = 3;
    for (; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++newlines;
      if (c != ' ' && c != '\t' && c != '\r' && c != '\n') break;
    }
    return newlines;
  }

  TokenKind take(const Token& previous) {
    if (at_ >= text_.size()) return TokenKind::End;
    if (looking_at("--")) return take_line(TokenKind::Comment);
    if (looking_at("\"\"\"")) return take_long_prose();
    if (peek() == '"') return take_quoted('"', TokenKind::Prose);
    if (peek() == '\'') return take_quoted('\'', TokenKind::Text);
    if (looking_at("x'")) return ++at_, take_quoted('\'', TokenKind::Text);
    if (is_letter(peek())) return take_name();
    if (is_digit(peek())) return take_number();
    if (peek() == '/' && regex_may_follow(previous)) return take_regex();
    return take_sign();
  }

  TokenKind take_line(TokenKind kind) {
    at_ = std::min(text_.find('\n', at_), text_.size());
    if (text_[at_ - 1] == '\r') --at_;
    return kind;
  }

  TokenKind take_long_prose() {
    const std::size_t end = text_.find("\"\"\"", at_ + 3);
    if (end == std::string_view::npos) return take_line(TokenKind::Unknown);
    at_ = end + 3;
    return TokenKind::Prose;
  }

  // A doubled quote stands for itself.
  TokenKind take_quoted(char quote, TokenKind kind) {
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      if (text_[at_] != quote) continue;
      if (peek(1) != quote) return ++at_, kind;
      ++at_;
    }
    return TokenKind::Unknown;
  }

  TokenKind take_name() {
    while (is_name_letter(peek())) ++at_;
    return TokenKind::Name;
  }

  // Digits with what touches them: `1_000`, `0.25`, `1e-6`, `10%`, `22:00`.
  TokenKind take_number() {
    while (is_name_letter(peek())) ++at_;
    if (peek() == ':' && is_digit(peek(1)) && is_digit(peek(2))) at_ += 3;
    if (peek() == '.' && is_digit(peek(1)))
      for (++at_; is_name_letter(peek());) ++at_;
    const bool exponent = text_[at_ - 1] == 'e' || text_[at_ - 1] == 'E';
    if (exponent && (peek() == '-' || peek() == '+') && is_digit(peek(1)))
      for (++at_; is_digit(peek());) ++at_;
    if (peek() == '%') ++at_;
    return TokenKind::Number;
  }

  // A regular expression stands where an operand stands; a division does not.
  [[nodiscard]] bool regex_may_follow(const Token& previous) const {
    const std::string_view before =
        text_.substr(previous.span.begin, previous.span.end - previous.span.begin);
    if (previous.kind == TokenKind::Name) return before == "matches";
    return previous.kind == TokenKind::Sign && (before == "(" || before == ",");
  }

  TokenKind take_regex() {
    bool in_class = false;
    for (++at_; at_ < text_.size() && text_[at_] != '\n'; ++at_) {
      const char c = text_[at_];
      if (c == '\\' && peek(1) != '\n') {
        ++at_;
      } else if (c == '[' && !in_class) {
        in_class = true;
        if (peek(1) == '^') ++at_;
        if (peek(1) == ']') ++at_;
      } else if (c == ']') {
        in_class = false;
      } else if (c == '/' && !in_class) {
        return ++at_, TokenKind::Regex;
      }
    }
    return TokenKind::Unknown;
  }

  TokenKind take_sign() {
    static constexpr std::array<std::string_view, 7> pairs = {"->", "|>", "||", "??", "!=", "<=", ">="};
    for (const std::string_view pair : pairs)
      if (looking_at(pair)) return at_ += 2, TokenKind::Sign;
    static constexpr std::string_view signs = "{}()[],.:=<>+-*/%|?";
    if (signs.find(peek()) != std::string_view::npos) return ++at_, TokenKind::Sign;
    for (++at_; (static_cast<unsigned char>(peek()) & 0xC0U) == 0x80U;) ++at_;  // one whole character
    return TokenKind::Unknown;
  }

  std::string_view text_;
  std::size_t at_;
};

}  // namespace

Token scan_one(std::string_view text, std::uint32_t offset, const Token& previous) {
  return Scanner(text, offset).next(previous);
}

std::vector<Token> scan(std::string_view text) {
  std::vector<Token> tokens;
  Token previous;
  for (std::uint32_t at = 0;;) {
    Token token = scan_one(text, at, previous);
    if (token.kind == TokenKind::End) return tokens;
    at = token.span.end;
    if (token.kind != TokenKind::Comment) previous = token;
    tokens.push_back(token);
  }
}

}  // namespace backfill::syntax
