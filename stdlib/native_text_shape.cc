// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_text_shape.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "stdlib/native_text.h"
#include "stdlib/text_slice.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_text {
namespace {

bool is_space(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r' && c != '\v');
}

std::vector<utf8proc_int32_t> points_of(Text text) {
  std::vector<utf8proc_int32_t> points;
  for (std::int64_t i = 0; i < text.size;) {
    utf8proc_int32_t point = 0;
    i += std::max<utf8proc_ssize_t>(
        1, utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data) + i, text.size - i, &point));
    points.push_back(point);
  }
  return points;
}

void append(std::string& to, utf8proc_int32_t point) {
  utf8proc_uint8_t bytes[4];
  const utf8proc_ssize_t size = utf8proc_encode_char(point, bytes);
  to.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool in_word(utf8proc_int32_t point) {
  const utf8proc_category_t category = utf8proc_category(point);
  return category <= UTF8PROC_CATEGORY_LO ? category >= UTF8PROC_CATEGORY_LU
                                          : category == UTF8PROC_CATEGORY_ND;
}

std::string mapped(Text value, int options) {
  utf8proc_uint8_t* out = nullptr;
  const utf8proc_ssize_t size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(value.data),
                                             value.size, &out, static_cast<utf8proc_option_t>(options));
  std::string result;
  if (size > 0) result.assign(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  std::free(out);
  return result;
}

Text as_text(const std::string& text) {
  return {text.data(), static_cast<std::int64_t>(text.size())};
}

// Without the combining marks U+0300 to U+036F.
std::string without_marks(Text value) {
  const std::string apart = mapped(value, UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
  std::string kept;
  for (const utf8proc_int32_t point : points_of(as_text(apart))) {
    if (point < 0x300 || point > 0x36F) append(kept, point);
  }
  return mapped(as_text(kept), UTF8PROC_STABLE | UTF8PROC_COMPOSE);
}

}  // namespace

Text initcap(Context& context, Text value) {
  std::string out;
  bool inside = false;
  for (const utf8proc_int32_t point : points_of(value)) {
    const bool word = in_word(point);
    append(out, !word           ? point
                : inside        ? utf8proc_tolower(point)
                : point == 0xDF ? point
                                : utf8proc_toupper(point));
    inside = word;
  }
  return context.arena->copy(out);
}

Text overlay(Context& context, Text value, Text part, std::int32_t start, std::int32_t count) {
  if (start < 1 || count < 0) return fail(context, RowError::OutOfDomain);
  const std::int64_t begin = utf8::prefix(value, start - 1);
  const Text rest = {value.data + begin, value.size - begin};
  const std::int64_t end = begin + utf8::prefix(rest, count);
  const Text parts[] = {{value.data, begin}, part, {value.data + end, value.size - end}};
  return concat(context, parts);
}

Text chr(Context& context, std::int32_t point) {
  if (point < 1 || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF))
    return fail(context, RowError::OutOfDomain);
  std::string out;
  append(out, point);
  return context.arena->copy(out);
}

std::int32_t ascii(Context&, Text value) {
  if (value.size == 0) return 0;
  utf8proc_int32_t point = 0;
  utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(value.data), value.size, &point);
  return point;
}

Text normalize(Context& context, Text value, Text form) {
  const std::string_view name = view(form);
  const int composed = name == "NFC" || name == "NFKC" ? UTF8PROC_COMPOSE : UTF8PROC_DECOMPOSE;
  const int compatible = name == "NFKC" || name == "NFKD" ? UTF8PROC_COMPAT : 0;
  if (name != "NFC" && name != "NFD" && name != "NFKC" && name != "NFKD")
    return fail(context, RowError::OutOfDomain);
  if (utf8::is_ascii(value)) return value;
  return context.arena->copy(mapped(value, UTF8PROC_STABLE | composed | compatible));
}

Text strip_marks(Context& context, Text value) {
  if (utf8::is_ascii(value)) return value;
  return context.arena->copy(without_marks(value));
}

Text slugify(Context& context, Text value) {
  std::string out;
  bool gap = false;
  for (char c : without_marks(value)) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_digit(c) && (c < 'a' || c > 'z')) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += '-';
    gap = false;
    out += c;
  }
  return context.arena->copy(out);
}

bool is_ascii(Context&, Text value) {
  return utf8::is_ascii(value);
}

std::int32_t bit_length(Context& context, Text value) {
  if (value.size > INT32_MAX / 8) return fail(context, RowError::Overflow);
  return static_cast<std::int32_t>(value.size * 8);
}

Text squeeze(Context& context, Text value) {
  char* out = context.arena->allocate(static_cast<std::size_t>(value.size));
  std::int64_t size = 0;
  bool gap = false;
  for (const char c : view(value)) {
    if (is_space(c)) {
      gap = size > 0;
      continue;
    }
    if (gap) out[size++] = ' ';
    gap = false;
    out[size++] = c;
  }
  return {out, size};
}

std::int32_t word_count(Context&, Text value) {
  std::int32_t words = 0;
  bool inside = false;
  for (const char c : view(value)) {
    words += !inside && !is_space(c) ? 1 : 0;
    inside = !is_space(c);
  }
  return words;
}

Text digits_only(Context& context, Text value) {
  char* out = context.arena->allocate(static_cast<std::size_t>(value.size));
  std::int64_t size = 0;
  for (const char c : view(value)) {
    if (is_digit(c)) out[size++] = c;
  }
  return {out, size};
}

Text html_escape(Context& context, Text value) {
  std::string out;
  for (const char c : view(value)) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      case '\'':
        out += "&#39;";
        break;
      default:
        out += c;
    }
  }
  if (out.size() > (std::size_t{1} << 26)) return fail(context, RowError::Overflow);
  return context.arena->copy(out);
}

std::int32_t count_of(Context& context, Text value, Text part) {
  if (part.size == 0) return fail(context, RowError::OutOfDomain);
  std::int32_t count = 0;
  for (std::size_t at = view(value).find(view(part)); at != std::string_view::npos;
       at = view(value).find(view(part), at + view(part).size()))
    ++count;
  return count;
}

Text before(Context& context, Text value, Text part) {
  if (part.size == 0) return fail(context, RowError::OutOfDomain);
  return slice(value, 0, std::min(view(value).find(view(part)), view(value).size()));
}
Text after(Context& context, Text value, Text part) {
  if (part.size == 0) return fail(context, RowError::OutOfDomain);
  const std::size_t at = view(value).find(view(part)), size = view(value).size();
  return slice(value, at == std::string_view::npos ? size : at + view(part).size(), size);
}
Text after_last(Context& context, Text value, Text part) {
  if (part.size == 0) return fail(context, RowError::OutOfDomain);
  const std::size_t at = view(value).rfind(view(part)), size = view(value).size();
  return slice(value, at == std::string_view::npos ? size : at + view(part).size(), size);
}

std::int32_t levenshtein(Context& context, Text left, Text right) {
  const std::vector<utf8proc_int32_t> a = points_of(left), b = points_of(right);
  constexpr std::size_t kMost = 4096;  // the work grows with the product
  if (a.size() > kMost || b.size() > kMost) return fail(context, RowError::OutOfDomain);
  std::vector<std::int32_t> row(b.size() + 1);
  for (std::size_t k = 0; k <= b.size(); ++k) row[k] = static_cast<std::int32_t>(k);
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::int32_t diagonal = row[0];
    row[0] = static_cast<std::int32_t>(i);
    for (std::size_t k = 1; k <= b.size(); ++k) {
      const std::int32_t changed = diagonal + (a[i - 1] == b[k - 1] ? 0 : 1);
      diagonal = row[k];
      row[k] = std::min({row[k] + 1, row[k - 1] + 1, changed});
    }
  }
  return row[b.size()];
}

// As fuzzystrmatch: equal codes side by side count once, whatever they are; vowels part them.
Text soundex(Context& context, Text value) {
  constexpr std::string_view kCodes = "01230120022455012623010202";
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  const auto letter = [&](char c) { return upper(c) >= 'A' && upper(c) <= 'Z'; };
  const auto code = [&](char c) { return letter(c) ? kCodes[static_cast<std::size_t>(upper(c) - 'A')] : c; };
  const std::string_view text = view(value);
  std::size_t i = 0;
  while (i < text.size() && !letter(text[i])) ++i;
  if (i == text.size()) return {"", 0};
  std::string out(1, upper(text[i]));
  for (++i; i < text.size() && out.size() < 4; ++i) {
    if (!letter(text[i]) || code(text[i]) == code(text[i - 1])) continue;
    if (code(text[i]) != '0') out += code(text[i]);
  }
  out.resize(4, '0');
  return context.arena->copy(out);
}

Text blank_to_missing(Context& context, Text value) {
  return value.data == nullptr || is_blank(context, value) ? kMissing : value;
}

std::int32_t num_nulls(Context&, Texts values) {
  return static_cast<std::int32_t>(
      std::count_if(values.begin(), values.end(), [](const Text& each) { return each.data == nullptr; }));
}
std::int32_t num_nonnulls(Context& context, Texts values) {
  return static_cast<std::int32_t>(values.size()) - num_nulls(context, values);
}

}  // namespace backfill::stdlib::native_text
