// SPDX-License-Identifier: Apache-2.0
// From any JSON to its canonical text, in one pass. Objects that are out of order are put together again.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <vector>

#include "stdlib/json.h"

namespace backfill::stdlib::json {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

class Canonical {
 public:
  explicit Canonical(std::string_view in) : in_(in) {}

  bool run() {
    blanks();
    if (!value()) return false;
    blanks();
    return at_ == in_.size() && out_.size() <= kMostBytes;
  }
  std::string take() { return std::move(out_); }

 private:
  // Where one member lies in `out_`: its key quoted, a colon, its value.
  struct Member {
    std::size_t begin, colon, end;
  };

  [[nodiscard]] char peek() const { return at_ < in_.size() ? in_[at_] : '\0'; }
  bool take(char c) {
    if (peek() != c) return false;
    ++at_;
    return true;
  }
  void blanks() {
    while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r') ++at_;
  }

  bool value();
  bool word(std::string_view text);
  bool array();
  bool object();
  bool member(std::vector<Member>& members);
  void in_order(std::vector<Member>& members);
  bool number();
  std::string_view digits();
  bool exponent(int& out);
  bool plain(std::string_view whole, std::string_view fraction, int exponent, bool negative);
  bool string();
  bool escape();
  std::optional<std::uint32_t> hex();
  void code_point(std::uint32_t code);
  void unit(std::uint32_t code);

  std::string_view in_;
  std::size_t at_ = 0;
  std::string out_;
  int depth_ = 0;
};

bool Canonical::value() {
  switch (peek()) {
    case '{':
      return object();
    case '[':
      return array();
    case '"':
      return string();
    case 't':
      return word("true");
    case 'f':
      return word("false");
    case 'n':
      return word("null");
    default:
      return number();
  }
}

bool Canonical::word(std::string_view text) {
  if (!in_.substr(at_).starts_with(text)) return false;
  at_ += text.size();
  out_ += text;
  return true;
}

bool Canonical::array() {
  if (++depth_ > kMostDepth) return false;
  ++at_;
  out_ += '[';
  blanks();
  if (!take(']')) {
    do {
      blanks();
      if (!value() || out_.size() > kMostBytes) return false;
      blanks();
      out_ += ',';
    } while (take(','));
    if (!take(']')) return false;
    out_.pop_back();
  }
  out_ += ']';
  --depth_;
  return true;
}

bool Canonical::object() {
  if (++depth_ > kMostDepth) return false;
  ++at_;
  out_ += '{';
  std::vector<Member> members;
  blanks();
  if (!take('}')) {
    do {
      if (!member(members)) return false;
    } while (take(','));
    if (!take('}')) return false;
    out_.pop_back();
    in_order(members);
  }
  out_ += '}';
  --depth_;
  return true;
}

bool Canonical::member(std::vector<Member>& members) {
  Member made{out_.size(), 0, 0};
  blanks();
  if (peek() != '"' || !string()) return false;
  made.colon = out_.size();
  out_ += ':';
  blanks();
  if (!take(':')) return false;
  blanks();
  if (!value() || out_.size() > kMostBytes) return false;
  made.end = out_.size();
  members.push_back(made);
  blanks();
  out_ += ',';
  return true;
}

// The last of equal keys stays, as in PostgreSQL's jsonb.
void Canonical::in_order(std::vector<Member>& members) {
  const auto key = [this](const Member& one) {
    return std::string_view(out_).substr(one.begin, one.colon - one.begin);
  };
  const auto out_of_order = [&](const Member& left, const Member& right) {
    return !(key(left) < key(right));
  };
  if (std::adjacent_find(members.begin(), members.end(), out_of_order) == members.end()) return;
  std::stable_sort(members.begin(), members.end(),
                   [&](const Member& left, const Member& right) { return key(left) < key(right); });
  std::string sorted;
  std::size_t begin = members.front().begin;
  for (std::size_t k = 0; k < members.size(); ++k) {
    begin = std::min(begin, members[k].begin);
    if (k + 1 < members.size() && key(members[k]) == key(members[k + 1])) continue;
    if (!sorted.empty()) sorted += ',';
    sorted.append(out_, members[k].begin, members[k].end - members[k].begin);
  }
  out_.resize(begin);
  out_ += sorted;
}

std::string_view Canonical::digits() {
  const std::size_t begin = at_;
  while (is_digit(peek())) ++at_;
  return in_.substr(begin, at_ - begin);
}

bool Canonical::exponent(int& out) {
  const bool negative = take('-');
  if (!negative) take('+');
  const std::string_view written = digits();
  if (written.empty()) return false;
  const auto [end, error] = std::from_chars(written.data(), written.data() + written.size(), out);
  if (error == std::errc::result_out_of_range) out = static_cast<int>(kMostBytes);
  if (negative) out = -out;
  return end != written.data();
}

bool Canonical::number() {
  const bool negative = take('-');
  const std::string_view whole = digits();
  if (whole.empty() || (whole.size() > 1 && whole[0] == '0')) return false;
  std::string_view fraction;
  if (take('.')) {
    fraction = digits();
    if (fraction.empty()) return false;
  }
  int power = 0;
  if ((take('e') || take('E')) && !exponent(power)) return false;
  return plain(whole, fraction, power, negative);
}

bool Canonical::plain(std::string_view whole, std::string_view fraction, int exponent, bool negative) {
  std::string all(whole);
  all += fraction;
  const bool zero = all.find_first_not_of('0') == std::string::npos;
  const auto most = static_cast<long>(kMostDigits);
  if (zero) exponent = std::clamp(exponent, -static_cast<int>(kMostDigits), 0);
  const long point = static_cast<long>(whole.size()) + exponent;  // digits before it
  if (point > most || static_cast<long>(all.size()) - point > most) return false;
  if (point > static_cast<long>(all.size())) all.append(static_cast<std::size_t>(point) - all.size(), '0');
  if (point <= 0) all.insert(0, static_cast<std::size_t>(1 - point), '0');
  const std::size_t split = static_cast<std::size_t>(std::max(point, 1L));
  const std::size_t first = std::min(all.find_first_not_of('0'), split - 1);  // 007 after 0.07e2
  if (negative && !zero) out_ += '-';
  out_.append(all, first, split - first);
  if (all.size() > split) out_ += '.';
  out_.append(all, split);
  return true;
}

bool Canonical::string() {
  ++at_;
  out_ += '"';
  while (at_ < in_.size()) {
    const std::size_t begin = at_;
    while (at_ < in_.size() && in_[at_] != '"' && in_[at_] != '\\' &&
           static_cast<unsigned char>(in_[at_]) >= 0x20)
      ++at_;
    out_.append(in_, begin, at_ - begin);
    if (take('"')) {
      out_ += '"';
      return true;
    }
    if (!take('\\') || !escape()) return false;
  }
  return false;
}

bool Canonical::escape() {
  const char c = peek();
  ++at_;
  switch (c) {
    case '"':
    case '\\':
      out_ += '\\';
      out_ += c;
      return true;
    case '/':
      out_ += c;
      return true;
    case 'b':
    case 'f':
    case 'n':
    case 'r':
    case 't':
      out_ += '\\';
      out_ += c;
      return true;
    case 'u':
      break;
    default:
      return false;
  }
  const auto first = hex();
  if (!first) return false;
  if (*first < 0xd800 || *first > 0xdbff) return unit(*first), true;
  const std::size_t back = at_;
  if (take('\\') && take('u')) {
    const auto second = hex();
    if (!second) return false;
    if (*second >= 0xdc00 && *second <= 0xdfff) {
      code_point(0x10000 + ((*first - 0xd800) << 10U) + (*second - 0xdc00));
      return true;
    }
  }
  at_ = back;
  unit(*first);
  return true;
}

std::optional<std::uint32_t> Canonical::hex() {
  std::uint32_t code = 0;
  if (at_ + 4 > in_.size()) return std::nullopt;
  const auto [end, error] = std::from_chars(in_.data() + at_, in_.data() + at_ + 4, code, 16);
  if (error != std::errc() || end != in_.data() + at_ + 4) return std::nullopt;
  at_ += 4;
  return code;
}

// One that is no half of a pair.
void Canonical::unit(std::uint32_t code) {
  constexpr std::string_view kShort = "btn?fr";  // of 8, 9, 10, 12, 13
  if (code == '"' || code == '\\') {
    out_ += '\\';
    out_ += static_cast<char>(code);
  } else if (code >= 8 && code <= 13 && code != 11) {
    out_ += '\\';
    out_ += kShort[code - 8];
  } else if (code < 0x20 || (code >= 0xd800 && code <= 0xdfff)) {
    out_ += fmt::format("\\u{:04x}", code);
  } else {
    code_point(code);
  }
}

void Canonical::code_point(std::uint32_t code) {
  const auto tail = [&](int shift) { out_ += static_cast<char>(0x80U | ((code >> shift) & 0x3fU)); };
  if (code < 0x80) {
    out_ += static_cast<char>(code);
  } else if (code < 0x800) {
    out_ += static_cast<char>(0xc0U | (code >> 6U));
    tail(0);
  } else if (code < 0x10000) {
    out_ += static_cast<char>(0xe0U | (code >> 12U));
    tail(6);
    tail(0);
  } else {
    out_ += static_cast<char>(0xf0U | (code >> 18U));
    tail(12);
    tail(6);
    tail(0);
  }
}

}  // namespace

std::optional<std::string> canonical(std::string_view text) {
  if (text.size() > kMostBytes) return std::nullopt;
  Canonical walk(text);
  if (!walk.run()) return std::nullopt;
  return walk.take();
}

}  // namespace backfill::stdlib::json
