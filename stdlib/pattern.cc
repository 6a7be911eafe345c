// SPDX-License-Identifier: Apache-2.0
#include "stdlib/pattern.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "stdlib/point_set.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib {
namespace {

using point_set::complement;
using point_set::overlap;
using point_set::Range;
using point_set::Set;

constexpr int kMostRepeats = 255;  // PostgreSQL's bound

// One character, or none of the pattern's length, and how often.
struct Item {
  Set set;
  int least = 1, most = 1;  // most < 0: any number
};

std::string_view class_of(char letter) {
  switch (letter) {
    case 'd':
    case 'D':
      return "0-9";
    case 'w':
    case 'W':
      return "A-Za-z0-9_";
    default:
      return "\\t\\n\\f\\r ";
  }
}

Set set_of(char letter) {
  switch (letter) {
    case 'd':
    case 'D':
      return {{'0', '9'}};
    case 'w':
    case 'W':
      return {{'A', 'Z'}, {'a', 'z'}, {'0', '9'}, {'_', '_'}};
    default:
      return {{'\t', '\n'}, {'\f', '\r'}, {' ', ' '}};
  }
}

std::string escaped(std::string_view point) {
  if (point == "\t") return "\\t";
  if (point == "\n") return "\\n";
  if (point == "\r") return "\\r";
  if (point == "\f") return "\\f";
  constexpr std::string_view kSpecial = "\\.+*?()|[]{}^$-";
  if (point.size() == 1 && kSpecial.find(point[0]) != std::string_view::npos)
    return "\\" + std::string(point);
  return std::string(point);
}

std::int32_t code_point(std::string_view bytes) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
  if (bytes.size() == 1) return byte(0);
  std::int32_t value = byte(0) & (0xFF >> (bytes.size() + 1));
  for (std::size_t i = 1; i < bytes.size(); ++i) value = value << 6 | (byte(i) & 0x3F);
  return value;
}

class Parser {
 public:
  explicit Parser(std::string_view source) : source_(source) {}

  ParsedPattern parsed() {
    ParsedPattern result;
    if (source_.empty()) {
      fail("an empty pattern");
    } else {
      const Part whole = alternatives(0);
      if (problem_.empty() && at_ < source_.size()) fail("`)` without `(`");
      if (problem_.empty()) result.pattern = finished(whole);
    }
    if (!problem_.empty()) result.pattern.reset();
    result.problem = problem_;
    result.at = problem_at_;
    return result;
  }

 private:
  // What was read: can it match nothing; are both ends anchored; its characters one after the other, where it
  // is as simple as that.
  struct Part {
    bool empty = false;
    bool from_start = false, to_end = false;
    bool word = true;  // letters, digits, `_`, `-` and spaces, all to be found as they are
    bool looks_whole = false;
    std::optional<std::vector<Item>> items;
  };

  void fail(std::string what) {
    if (!problem_.empty()) return;
    problem_ = std::move(what);
    problem_at_ = at_;
  }
  [[nodiscard]] bool done() const { return at_ >= source_.size() || !problem_.empty(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void write(std::string_view text) {
    re2_ += text;
    postgres_ += text;
  }

  Part alternatives(int depth) {
    if (depth > 20) fail("groups nested more than 20 deep");
    Part all = sequence(depth);
    all.looks_whole = looks_whole(all);
    const bool first_begins = all.from_start && !all.to_end;
    bool last_ends = false;
    while (!done() && peek() == '|') {
      ++at_;
      write("|");
      const Part next = sequence(depth);
      last_ends = next.to_end && !next.from_start;
      all.word = all.word && next.word;
      all.looks_whole = all.looks_whole && looks_whole(next);
      all.empty = all.empty || next.empty;
      all.from_start = all.from_start && next.from_start;
      all.to_end = all.to_end && next.to_end;
      all.items.reset();
    }
    all.looks_whole = all.looks_whole || (first_begins && last_ends);
    return all;
  }

  // A class of more than one character, but none of what is left over from others.
  static bool is_class(const Item& item) {
    if (item.set.empty()) return false;
    const bool several = item.set.size() > 1 || item.set.front().low < item.set.front().high;
    return several && std::none_of(item.set.begin(), item.set.end(),
                                   [](const Range& range) { return range.high == point_set::kLastPoint; });
  }

  // `[aeiou]` alone is something to be found; `[a-z]+` is no other question than `[a-z]`, if it is not the
  // whole.
  static bool looks_whole(const Part& part) {
    if (part.from_start || part.to_end) return false;
    if (part.word) return true;
    if (!part.items || part.items->empty()) return false;
    const Item &first = part.items->front(), &last = part.items->back();
    const bool one = part.items->size() == 1 && first.least == 1 && first.most == 1;
    return !one && is_class(first) && is_class(last);
  }

  Part sequence(int depth) {
    Part part;
    part.empty = true;
    part.items.emplace();
    const std::size_t begin = at_;
    while (!done() && peek() != '|' && peek() != ')') {
      if (peek() == '^') {
        if (depth > 0 || at_ != begin) return fail("`^` that is not at the beginning"), part;
        anchor("\\A", "\\A");
        part.from_start = true;
        continue;
      }
      if (peek() == '$') {
        if (depth > 0 || (peek(1) != '\0' && peek(1) != '|')) return fail("`$` that is not at the end"), part;
        anchor("\\z", "\\Z");
        part.to_end = true;
        continue;
      }
      append(part, quantified(depth));
    }
    if (at_ == begin) fail("an alternative or a group with nothing in it");
    return part;
  }

  void anchor(std::string_view re2, std::string_view postgres) {
    re2_ += re2;
    postgres_ += postgres;
    ++at_;
    constexpr std::string_view kQuantifiers = "*+?{";
    if (kQuantifiers.find(peek()) != std::string_view::npos && peek() != '\0')
      fail("a quantifier behind an anchor");
  }

  static void append(Part& part, const Part& next) {
    part.empty = part.empty && next.empty;
    part.word = part.word && next.word;
    if (!part.items || !next.items) {
      part.items.reset();
    } else {
      part.items->insert(part.items->end(), next.items->begin(), next.items->end());
    }
  }

  Part quantified(int depth) {
    Part part = atom(depth);
    if (done()) return part;
    int least = 1, most = 1;
    if (!quantifier(least, most)) return part;
    constexpr std::string_view kAgain = "*+?{";
    if (peek() != '\0' && kAgain.find(peek()) != std::string_view::npos)
      fail(peek() == '?' ? "a lazy quantifier" : "a quantifier behind a quantifier");
    part.empty = part.empty || least == 0;
    part.word = false;
    if (part.items && part.items->size() == 1 && part.items->front().least == 1 &&
        part.items->front().most == 1) {
      part.items->front().least = least;
      part.items->front().most = most;
    } else {
      part.items.reset();
    }
    return part;
  }

  bool quantifier(int& least, int& most) {
    const char c = peek();
    if (c == '*' || c == '+' || c == '?') {
      least = c == '+' ? 1 : 0;
      most = c == '?' ? 1 : -1;
      ++at_;
      write(std::string_view(&c, 1));
      return true;
    }
    if (c != '{') return false;
    const std::size_t begin = at_++;
    least = most = number();
    if (peek() == ',') {
      ++at_;
      most = peek() == '}' ? -1 : number();
    }
    if (peek() != '}' || (most >= 0 && most < least))
      return fail("a count that is not `{n}`, `{n,}` or `{n,m}`"), true;
    ++at_;
    write(source_.substr(begin, at_ - begin));
    return true;
  }

  int number() {
    int value = 0;
    const std::size_t begin = at_;
    for (; peek() >= '0' && peek() <= '9'; ++at_)
      value = std::min(value * 10 + (peek() - '0'), kMostRepeats + 1);
    if (at_ == begin) fail("a count that is not `{n}`, `{n,}` or `{n,m}`");
    if (value > kMostRepeats) fail(fmt::format("a count greater than {}", kMostRepeats));
    return value;
  }

  static bool is_word(std::int32_t point) {
    return (point >= '0' && point <= '9') || (point >= 'A' && point <= 'Z') ||
           (point >= 'a' && point <= 'z') || point == '_' || point == '-' || point == ' ' || point >= 0x80;
  }

  Part one(Set set) {
    Part part;
    part.word = set.size() == 1 && set.front().low == set.front().high && is_word(set.front().low);
    part.items.emplace();
    part.items->push_back(Item{std::move(set), 1, 1});
    return part;
  }

  Part atom(int depth) {
    switch (peek()) {
      case '(':
        return group(depth);
      case '[':
        return one(bracket());
      case '.':
        ++at_;
        write("[^\\n]");
        return one(complement({{'\n', '\n'}}));
      case '\\':
        return one(escape());
      case '*':
      case '+':
      case '?':
      case '{':
        fail("a quantifier with nothing before it");
        return {};
      default:
        break;
    }
    const std::string_view point = take_point();
    write(escaped(point));
    return one({{code_point(point), code_point(point)}});
  }

  Part group(int depth) {
    ++at_;
    const bool capturing = peek() != '?';
    if (!capturing) {
      if (peek(1) != ':') return fail("`(?`: lookaround, flags and names of groups"), Part{};
      at_ += 2;
    }
    write(capturing ? "(" : "(?:");
    groups_ += capturing ? 1 : 0;
    Part inside = alternatives(depth + 1);
    if (problem_.empty() && peek() != ')') fail("`(` without `)`");
    ++at_;
    write(")");
    return inside;
  }

  std::string_view take_point() {
    const auto width = static_cast<std::size_t>(utf8::width(peek()));
    const std::string_view point = source_.substr(at_, width);
    if (static_cast<unsigned char>(point[0]) < 0x20 &&
        std::string_view("\t\n\r\f").find(point[0]) == std::string_view::npos)
      fail("a control character");
    at_ += width;
    return point;
  }

  // \d and the like; `negated` where it is a capital one.
  Set escape() {
    const char letter = peek(1);
    if (std::string_view("dwsDWS").find(letter) != std::string_view::npos && letter != '\0') {
      at_ += 2;
      const bool negated = letter < 'a';
      write(fmt::format("[{}{}]", negated ? "^" : "", class_of(letter)));
      return negated ? complement(set_of(letter)) : set_of(letter);
    }
    const std::string point = escaped_point();
    write(escaped(point));
    const std::int32_t code = point.empty() ? 0 : code_point(point);
    return {{code, code}};
  }

  // Behind a backslash: punctuation as it is, t, n, r and f.
  std::string escaped_point() {
    ++at_;
    const char c = peek();
    constexpr std::string_view kLetters = "tnrf", kControls = "\t\n\r\f";
    const std::size_t letter = c == '\0' ? std::string_view::npos : kLetters.find(c);
    const bool word = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    if (letter == std::string_view::npos &&
        (word || c == '\0' || (static_cast<unsigned char>(c) & 0x80U) != 0)) {
      --at_;
      fail(c == '\0'
               ? std::string("a backslash at the end")
               : fmt::format("`\\{}`", source_.substr(at_ + 1, static_cast<std::size_t>(utf8::width(c)))));
      ++at_;
      return {};
    }
    ++at_;
    return letter == std::string_view::npos ? std::string(1, c) : std::string(1, kControls[letter]);
  }

  Set bracket() {
    ++at_;
    const bool negated = peek() == '^';
    if (negated) ++at_;
    write(negated ? "[^" : "[");
    Set set;
    for (bool first = true; first || peek() != ']'; first = false) {
      if (at_ >= source_.size()) return fail("`[` without `]`"), set;
      member(set);
      if (!problem_.empty()) return set;
    }
    ++at_;
    write("]");
    return negated ? complement(std::move(set)) : set;
  }

  void member(Set& set) {
    if (peek() == '[' && (peek(1) == ':' || peek(1) == '.' || peek(1) == '=')) return fail("a class by name");
    if (peek() == '\\' && std::string_view("dws").find(peek(1)) != std::string_view::npos &&
        peek(1) != '\0') {
      write(class_of(peek(1)));
      for (const Range& range : set_of(peek(1))) set.push_back(range);
      at_ += 2;
      return;
    }
    const std::string low = class_point();
    if (!problem_.empty()) return;
    write(escaped(low));
    std::string high = low;
    if (peek() == '-' && peek(1) != ']' && peek(1) != '\0') {
      ++at_;
      high = class_point();
      if (!problem_.empty()) return;
      if (low.size() > 1 || high.size() > 1) return fail("a range beyond ASCII");
      if (high < low) return fail("a range that runs backwards");
      write("-" + escaped(high));
    }
    set.push_back({code_point(low), code_point(high)});
  }

  std::string class_point() {
    if (peek() == '\\') return escaped_point();
    if (at_ >= source_.size()) return fail("`[` without `]`"), std::string();
    return std::string(take_point());
  }

  // What may be repeated must not begin as what may follow does.
  static bool one_reading(const std::vector<Item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (items[i].least == items[i].most) continue;
      for (std::size_t next = i + 1; next < items.size(); ++next) {
        if (overlap(items[i].set, items[next].set)) return false;
        if (items[next].least > 0) break;
      }
    }
    return true;
  }

  Pattern finished(const Part& whole) {
    Pattern pattern;
    pattern.re2 = std::move(re2_);
    pattern.postgres = std::move(postgres_);
    pattern.groups = groups_;
    pattern.matches_empty = whole.empty;
    pattern.looks_whole = whole.looks_whole;
    pattern.anchored = whole.from_start && whole.to_end;
    pattern.one_reading = whole.items && one_reading(*whole.items);
    return pattern;
  }

  std::string_view source_;
  std::size_t at_ = 0;
  std::string re2_, postgres_;
  int groups_ = 0;
  std::string problem_;
  std::size_t problem_at_ = 0;
};

}  // namespace

ParsedPattern parse_pattern(std::string_view source) {
  return Parser(source).parsed();
}

}  // namespace backfill::stdlib
