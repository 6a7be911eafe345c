// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/sql_text.h"

#include <algorithm>

namespace backfill::database::postgres {

namespace {

constexpr std::size_t kNowhere = std::string_view::npos;

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

bool begins_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         (static_cast<unsigned char>(c) & 0x80) != 0;
}

bool in_word(char c) {
  return begins_word(c) || (c >= '0' && c <= '9') || c == '$';
}

char small(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  std::ranges::transform(out, out.begin(), small);
  return out;
}

// Comments nest in PostgreSQL.
std::size_t behind_comment(std::string_view sql, std::size_t at) {
  int depth = 0;
  while (at < sql.size()) {
    if (sql.substr(at, 2) == "/*") {
      ++depth;
      at += 2;
    } else if (sql.substr(at, 2) == "*/") {
      at += 2;
      if (--depth == 0) return at;
    } else {
      ++at;
    }
  }
  return sql.size();
}

std::size_t skip_blanks(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    if (is_blank(sql[at])) {
      ++at;
    } else if (sql[at] == '-' && sql.substr(at, 2) == "--") {
      at = std::min(sql.find('\n', at), sql.size());
    } else if (sql[at] == '/' && sql.substr(at, 2) == "/*") {
      at = behind_comment(sql, at);
    } else {
      return at;
    }
  }
  return sql.size();
}

// `at` is on the quote. Doubled quotes stay inside, escaped ones where backslashes escape.
std::size_t behind_quotes(std::string_view sql, std::size_t at, bool escapes) {
  const char quote = sql[at];
  for (++at; at < sql.size(); ++at) {
    if (escapes && sql[at] == '\\') {
      ++at;
    } else if (sql[at] == quote) {
      if (at + 1 < sql.size() && sql[at + 1] == quote) {
        ++at;
      } else {
        return at + 1;
      }
    }
  }
  return sql.size();
}

// $tag$ ... $tag$; npos: no such quote begins here.
std::size_t behind_dollars(std::string_view sql, std::size_t at) {
  std::size_t end = at + 1;
  while (end < sql.size() && in_word(sql[end]) && sql[end] != '$') ++end;
  if (end >= sql.size() || sql[end] != '$') return kNowhere;
  if (end > at + 1 && !begins_word(sql[at + 1])) return kNowhere;
  const std::string_view tag = sql.substr(at, end + 1 - at);
  const std::size_t close = sql.find(tag, end + 1);
  return close == kNowhere ? sql.size() : close + tag.size();
}

bool escapes(std::string_view sql, const Token& word) {
  return word.end - word.begin == 1 && small(sql[word.begin]) == 'e';
}

// Behind the data of COPY ... FROM stdin: the line `\.`.
std::size_t behind_data(std::string_view sql, std::size_t at) {
  while (at < sql.size()) {
    const std::size_t end = std::min(sql.find('\n', at), sql.size());
    std::string_view line = sql.substr(at, end - at);
    if (line.ends_with('\r')) line.remove_suffix(1);
    at = std::min(end + 1, sql.size());
    if (line == "\\.") return at;
  }
  return at;
}

// One statement as it is read, token by token.
class Reading {
 public:
  explicit Reading(std::string_view sql) : sql_(sql) {}

  // False: the statement ends in front of the token.
  bool take(const Token& token) {
    if (sql_[token.begin] == ';' && depth_ == 0 && body_ == 0) return false;
    if (words_ < kHeadWords) add_to_head(token);
    if (token.kind == TokenKind::Symbol) {
      if (sql_[token.begin] == '(') ++depth_;
      if (sql_[token.begin] == ')' && depth_ > 0) --depth_;
    }
    if (token.kind == TokenKind::Word) {
      follow_body(token);
      if (is_keyword(sql_, token, "stdin") && is_keyword(sql_, last_, "from")) from_stdin_ = true;
    }
    last_ = token;
    return true;
  }

  [[nodiscard]] bool is_copy() const { return from_stdin_ && head_.starts_with("copy "); }
  [[nodiscard]] std::string head() && { return std::move(head_); }

 private:
  static constexpr int kHeadWords = 4;

  void add_to_head(const Token& token) {
    if (token.kind == TokenKind::Symbol) {
      words_ = kHeadWords;
      return;
    }
    if (!head_.empty()) head_ += ' ';
    head_ += in_small_letters(sql_.substr(token.begin, token.end - token.begin));
    ++words_;
  }

  // BEGIN ATOMIC ... END of a function: semicolons inside do not end the statement.
  void follow_body(const Token& token) {
    if (body_ == 0) {
      const bool routine = head_.starts_with("create") &&
                           (head_.find("function") != kNowhere || head_.find("procedure") != kNowhere);
      if (routine && is_keyword(sql_, token, "atomic") && is_keyword(sql_, last_, "begin")) body_ = 1;
    } else if (is_keyword(sql_, token, "case")) {
      ++body_;
    } else if (is_keyword(sql_, token, "end")) {
      --body_;
    }
  }

  std::string_view sql_;
  std::string head_;
  Token last_;
  int words_ = 0, depth_ = 0, body_ = 0;
  bool from_stdin_ = false;
};

// Counts lines up to ascending places.
class Lines {
 public:
  explicit Lines(std::string_view sql) : sql_(sql) {}
  std::size_t at(std::size_t place) {
    line_ += static_cast<std::size_t>(std::ranges::count(sql_.substr(counted_, place - counted_), '\n'));
    counted_ = place;
    return line_;
  }

 private:
  std::string_view sql_;
  std::size_t counted_ = 0, line_ = 1;
};

bool is_symbol(std::string_view sql, const Token& token, char symbol) {
  return token.kind == TokenKind::Symbol && sql[token.begin] == symbol;
}

// +1 for an opening bracket, -1 for a closing one.
int nesting(std::string_view sql, const Token& token) {
  if (token.kind != TokenKind::Symbol) return 0;
  const char c = sql[token.begin];
  if (c == '(' || c == '[') return 1;
  return c == ')' || c == ']' ? -1 : 0;
}

// Behind the parentheses that open at or behind `at`.
std::size_t behind_parentheses(std::string_view sql, std::size_t at) {
  int depth = 0;
  Token token;
  while (next_token(sql, at, token)) {
    at = token.end;
    depth += nesting(sql, token);
    if (depth == 0) return at;
  }
  return sql.size();
}

}  // namespace

bool next_token(std::string_view sql, std::size_t at, Token& token) {
  token.begin = skip_blanks(sql, at);
  if (token.begin >= sql.size()) return false;
  token.end = token.begin + 1;
  token.kind = TokenKind::Symbol;
  const char c = sql[token.begin];
  if (begins_word(c)) {
    while (token.end < sql.size() && in_word(sql[token.end])) ++token.end;
    token.kind = TokenKind::Word;
    if (token.end < sql.size() && sql[token.end] == '\'' && escapes(sql, token)) {
      token.end = behind_quotes(sql, token.end, true);
      token.kind = TokenKind::Literal;
    }
  } else if (c == '\'') {
    token.end = behind_quotes(sql, token.begin, false);
    token.kind = TokenKind::Literal;
  } else if (c == '"') {
    token.end = behind_quotes(sql, token.begin, false);
    token.kind = TokenKind::QuotedName;
  } else if (c == '$') {
    const std::size_t end = behind_dollars(sql, token.begin);
    if (end != kNowhere) {
      token.end = end;
      token.kind = TokenKind::Literal;
    }
  } else if (c >= '0' && c <= '9') {
    while (token.end < sql.size() && (in_word(sql[token.end]) || sql[token.end] == '.')) ++token.end;
    token.kind = TokenKind::Literal;
  }
  return true;
}

bool is_keyword(std::string_view sql, const Token& token, std::string_view keyword) {
  if (token.kind != TokenKind::Word || token.end - token.begin != keyword.size()) return false;
  return std::ranges::equal(sql.substr(token.begin, keyword.size()), keyword, {}, small);
}

std::vector<DdlStatement> split_statements(std::string_view sql) {
  std::vector<DdlStatement> statements;
  Lines lines(sql);
  Token token;
  for (std::size_t at = 0; next_token(sql, at, token);) {
    if (sql[token.begin] == ';') {
      at = token.end;
    } else if (sql[token.begin] == '\\') {
      at = std::min(sql.find('\n', token.begin), sql.size());
    } else {
      DdlStatement statement{token.begin, token.begin, lines.at(token.begin), {}};
      Reading reading(sql);
      bool more = true;
      while (more && reading.take(token)) {
        statement.end = at = token.end;
        more = next_token(sql, at, token);
      }
      if (reading.is_copy() && more)
        at = behind_data(sql, std::min(sql.find('\n', token.end), sql.size() - 1) + 1);
      statement.head = std::move(reading).head();
      statements.push_back(std::move(statement));
    }
  }
  return statements;
}

std::string on_one_line(std::string_view sql) {
  std::string out;
  Token token;
  for (std::size_t at = 0; next_token(sql, at, token); at = token.end) {
    if (!out.empty() && token.begin > at) out += ' ';
    out += sql.substr(token.begin, token.end - token.begin);
  }
  return out;
}

std::string_view in_parentheses(std::string_view sql, std::size_t at) {
  Token token;
  while (next_token(sql, at, token) && !is_symbol(sql, token, '(')) at = token.end;
  if (token.begin >= sql.size() || !is_symbol(sql, token, '(')) return {};
  const std::size_t end = behind_parentheses(sql, token.begin);
  return sql.substr(token.end, end - 1 - token.end);
}

std::string_view up_to_item_end(std::string_view sql, std::size_t at, std::size_t limit) {
  const std::size_t begin = at;
  std::size_t end = begin;
  int depth = 0;
  Token token;
  while (next_token(sql, at, token) && token.begin < limit) {
    if (depth == 0 && (is_symbol(sql, token, ',') || is_symbol(sql, token, ')'))) break;
    depth += nesting(sql, token);
    at = end = token.end;
  }
  return sql.substr(begin, end - begin);
}

std::size_t behind_keywords(std::string_view sql, std::string_view first, std::string_view second, int nth) {
  int depth = 0;
  Token last, token;
  for (std::size_t at = 0; next_token(sql, at, token); at = token.end) {
    if (depth == 0 && is_keyword(sql, token, second) && is_keyword(sql, last, first) && nth-- == 0)
      return token.end;
    depth += nesting(sql, token);
    last = token;
  }
  return kNowhere;
}

std::vector<std::string> take_name(std::string_view sql, std::size_t& at) {
  std::vector<std::string> parts;
  Token token;
  while (next_token(sql, at, token)) {
    const std::string_view text = sql.substr(token.begin, token.end - token.begin);
    if (token.kind == TokenKind::QuotedName) {
      std::string& part = parts.emplace_back();
      for (std::size_t i = 1; i + 1 < text.size(); ++i) {
        part += text[i];
        if (text[i] == '"') ++i;
      }
    } else if (token.kind == TokenKind::Word) {
      parts.push_back(in_small_letters(text));
    } else {
      break;
    }
    at = token.end;
    if (!next_token(sql, at, token) || !is_symbol(sql, token, '.')) break;
    at = token.end;
  }
  return parts;
}

std::string index_definition(std::string_view create_index) {
  Token token;
  std::size_t at = 0;
  while (next_token(create_index, at, token)) {
    at = token.end;
    if (is_keyword(create_index, token, "on")) break;
  }
  if (next_token(create_index, at, token) && is_keyword(create_index, token, "only")) at = token.end;
  take_name(create_index, at);
  const bool has_method = next_token(create_index, at, token) && is_keyword(create_index, token, "using");
  return (has_method ? "" : "USING btree ") + on_one_line(create_index.substr(at));
}

std::string partition_bound(std::string_view statement) {
  const std::size_t behind = behind_keywords(statement, "for", "values", 0);
  Token token;
  if (behind == kNowhere) {
    // PARTITION OF parent DEFAULT, ATTACH PARTITION child DEFAULT
    std::size_t at = behind_keywords(statement, "partition", "of", 0);
    if (at == kNowhere) at = behind_keywords(statement, "attach", "partition", 0);
    if (at == kNowhere) return {};
    take_name(statement, at);
    if (!next_token(statement, at, token)) return {};
    if (is_symbol(statement, token, '(')) at = behind_parentheses(statement, at);
    return next_token(statement, at, token) && is_keyword(statement, token, "default") ? "DEFAULT" : "";
  }
  if (!next_token(statement, behind, token)) return {};
  std::size_t end = behind_parentheses(statement, token.end);
  if (is_keyword(statement, token, "from") && next_token(statement, end, token))
    end = behind_parentheses(statement, token.end);
  return "FOR VALUES " + on_one_line(statement.substr(behind, end - behind));
}

std::string partition_key(std::string_view create_table) {
  const std::size_t behind = behind_keywords(create_table, "partition", "by", 0);
  Token token;
  if (behind == kNowhere || !next_token(create_table, behind, token)) return {};
  std::string strategy(create_table.substr(token.begin, token.end - token.begin));
  for (char& c : strategy)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  const std::size_t end = behind_parentheses(create_table, token.end);
  Token open;
  if (!next_token(create_table, token.end, open)) return strategy;
  return strategy + " " + on_one_line(create_table.substr(open.begin, end - open.begin));
}

}  // namespace backfill::database::postgres
