// SPDX-License-Identifier: Apache-2.0
// Walks over canonical texts: what is not asked for is skipped, never taken apart.
#include "stdlib/json.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::stdlib::json {
namespace {

std::size_t after_string(std::string_view text, std::size_t at) {
  for (++at; text[at] != '"'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return at + 1;
}

std::size_t after_plain(std::string_view text, std::size_t at) {
  while (at < text.size() && text[at] != ',' && text[at] != ']' && text[at] != '}') ++at;
  return at;
}

std::size_t after_value(std::string_view text, std::size_t at) {
  if (text[at] == '"') return after_string(text, at);
  if (text[at] != '{' && text[at] != '[') return after_plain(text, at);
  int depth = 0;
  do {
    const char c = text[at];
    if (c == '"') {
      at = after_string(text, at);
      continue;
    }
    depth += c == '{' || c == '[' ? 1 : 0;
    depth -= c == '}' || c == ']' ? 1 : 0;
    ++at;
  } while (depth > 0);
  return at;
}

bool starts_number(char c) {
  return c == '-' || (c >= '0' && c <= '9');
}

std::string_view without_zeros(std::string_view number) {
  if (number.find('.') == std::string_view::npos) return number;
  while (number.back() == '0') number.remove_suffix(1);
  if (number.back() == '.') number.remove_suffix(1);
  return number;
}

int sign(int difference) {
  return difference < 0 ? -1 : difference > 0 ? 1 : 0;
}

int order_of_magnitudes(std::string_view left, std::string_view right) {
  const std::size_t left_point = std::min(left.find('.'), left.size());
  const std::size_t right_point = std::min(right.find('.'), right.size());
  if (left_point != right_point) return left_point < right_point ? -1 : 1;
  return sign(left.compare(right));
}

int order_of_numbers(std::string_view left, std::string_view right) {
  left = without_zeros(left);
  right = without_zeros(right);
  const bool negative = left[0] == '-';
  if (negative != (right[0] == '-')) return negative ? -1 : 1;
  if (negative) return order_of_magnitudes(right.substr(1), left.substr(1));
  return order_of_magnitudes(left, right);
}

// Bytes that need an escape in a canonical string.
bool needs_escape(char c) {
  return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

std::string escaped(char c) {
  switch (c) {
    case '"':
    case '\\':
      return {'\\', c};
    case '\b':
      return "\\b";
    case '\f':
      return "\\f";
    case '\n':
      return "\\n";
    case '\r':
      return "\\r";
    case '\t':
      return "\\t";
    default:
      return fmt::format("\\u{:04x}", static_cast<unsigned char>(c));
  }
}

char unescaped(char c) {
  switch (c) {
    case 'b':
      return '\b';
    case 'f':
      return '\f';
    case 'n':
      return '\n';
    case 'r':
      return '\r';
    case 't':
      return '\t';
    default:
      return c;
  }
}

}  // namespace

Type type_of(std::string_view value) {
  switch (value[0]) {
    case '{':
      return Type::Object;
    case '[':
      return Type::Array;
    case '"':
      return Type::String;
    case 't':
    case 'f':
      return Type::Boolean;
    case 'n':
      return Type::Null;
    default:
      return Type::Number;
  }
}

std::string_view name(Type type) {
  switch (type) {
    case Type::Null:
      return "null";
    case Type::Boolean:
      return "boolean";
    case Type::Number:
      return "number";
    case Type::String:
      return "string";
    case Type::Array:
      return "array";
    case Type::Object:
      return "object";
  }
  return "";
}

// Canonical texts of the same value differ in the zeros of their numbers alone.
bool same(std::string_view left, std::string_view right) {
  if (left == right) return true;
  std::size_t i = 0, j = 0;
  while (i < left.size() && j < right.size()) {
    if (left[i] == '"' && right[j] == '"') {
      const std::size_t i_end = after_string(left, i), j_end = after_string(right, j);
      if (left.substr(i, i_end - i) != right.substr(j, j_end - j)) return false;
      i = i_end;
      j = j_end;
    } else if (starts_number(left[i]) && starts_number(right[j])) {
      const std::size_t i_end = after_plain(left, i), j_end = after_plain(right, j);
      if (without_zeros(left.substr(i, i_end - i)) != without_zeros(right.substr(j, j_end - j))) return false;
      i = i_end;
      j = j_end;
    } else if (left[i++] != right[j++]) {
      return false;
    }
  }
  return i == left.size() && j == right.size();
}

std::string normal(std::string_view value) {
  std::string result;
  for (std::size_t i = 0; i < value.size();) {
    if (value[i] == '"') {
      const std::size_t end = after_string(value, i);
      result += value.substr(i, end - i);
      i = end;
    } else if (starts_number(value[i])) {
      const std::size_t end = after_plain(value, i);
      result += without_zeros(value.substr(i, end - i));
      i = end;
    } else {
      result += value[i++];
    }
  }
  return result;
}

int order(std::string_view left, std::string_view right) {
  const Type left_type = type_of(left), right_type = type_of(right);
  const auto rank = [](Type type) { return type == Type::Null ? 100 : static_cast<int>(type); };
  if (left_type != right_type) return sign(rank(left_type) - rank(right_type));
  if (left_type == Type::Number) return order_of_numbers(left, right);
  if (left_type == Type::String) {
    const auto left_text = unquoted(left), right_text = unquoted(right);
    if (left_text && right_text) return sign(left_text->compare(*right_text));
  }
  return sign(left.compare(right));
}

std::string quoted(std::string_view text) {
  std::string result = "\"";
  while (!text.empty()) {
    const std::size_t plain =
        static_cast<std::size_t>(std::ranges::find_if(text, needs_escape) - text.begin());
    result += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    result += escaped(text.front());
    text.remove_prefix(1);
  }
  return result + '"';
}

std::optional<std::string> unquoted(std::string_view string) {
  std::string_view rest = string.substr(1, string.size() - 2);
  std::string result;
  while (!rest.empty()) {
    const std::size_t plain = std::min(rest.find('\\'), rest.size());
    result += rest.substr(0, plain);
    rest.remove_prefix(plain);
    if (rest.empty()) break;
    if (rest[1] != 'u') {
      result += unescaped(rest[1]);
      rest.remove_prefix(2);
      continue;
    }
    if (rest[2] == 'd' || rest.substr(2, 4) == "0000") return std::nullopt;
    const auto nibble = [&](std::size_t k) { return rest[k] <= '9' ? rest[k] - '0' : rest[k] - 'a' + 10; };
    result += static_cast<char>(nibble(4) * 16 + nibble(5));  // a control character: \u00XX
    rest.remove_prefix(6);
  }
  return result;
}

std::string_view first_value(std::string_view text) {
  return text.substr(0, after_value(text, 0));
}

void each_element(std::string_view array, const std::function<bool(std::string_view)>& each) {
  for (std::size_t at = 1; at + 1 < array.size(); ++at) {
    const std::size_t end = after_value(array, at);
    if (!each(array.substr(at, end - at))) return;
    at = end;
  }
}

void each_member(std::string_view object,
                 const std::function<bool(std::string_view, std::string_view)>& each) {
  for (std::size_t at = 1; at + 1 < object.size(); ++at) {
    const std::size_t colon = after_string(object, at);
    const std::size_t end = after_value(object, colon + 1);
    if (!each(object.substr(at, colon - at), object.substr(colon + 1, end - colon - 1))) return;
    at = end;
  }
}

std::optional<std::string_view> member(std::string_view object, std::string_view quoted_key) {
  std::optional<std::string_view> found;
  if (type_of(object) != Type::Object) return found;
  each_member(object, [&](std::string_view key, std::string_view value) {
    if (key == quoted_key) found = value;
    return key < quoted_key;
  });
  return found;
}

std::optional<std::string_view> element(std::string_view array, long long position) {
  std::optional<std::string_view> found;
  if (type_of(array) != Type::Array) return found;
  if (position < 0) position += static_cast<long long>(count(array));
  if (position < 0) return found;
  each_element(array, [&](std::string_view value) {
    if (position == 0) found = value;
    return position-- != 0;
  });
  return found;
}

std::size_t count(std::string_view value) {
  std::size_t number = 0;
  if (type_of(value) == Type::Array) each_element(value, [&](std::string_view) { return ++number, true; });
  if (type_of(value) == Type::Object)
    each_member(value, [&](std::string_view, std::string_view) { return ++number, true; });
  return number;
}

}  // namespace backfill::stdlib::json
