// SPDX-License-Identifier: Apache-2.0
// Parts of e-mail addresses and URLs.
#include <algorithm>
#include <string>
#include <string_view>

#include "stdlib/native_text.h"
#include "stdlib/native_text_shape.h"
#include "stdlib/text_slice.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_text {
namespace {

// scheme://[user@]host, as far as it is one; npos: it is not.
struct Authority {
  std::size_t scheme_end = std::string_view::npos;
  std::size_t host_begin = 0, host_end = 0;
  std::size_t end = 0;
};
Authority authority_of(std::string_view url) {
  Authority result;
  const auto letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  std::size_t i = 0;
  while (i < url.size() &&
         (letter(url[i]) || (i > 0 && (is_digit(url[i]) || url[i] == '+' || url[i] == '.' || url[i] == '-'))))
    ++i;
  if (i == 0 || url.substr(i, 3) != "://") return result;
  result.scheme_end = i;
  result.host_begin = i + 3;
  result.end = std::min(url.find_first_of("/?#", result.host_begin), url.size());
  const std::size_t user = url.substr(0, result.end).find('@', result.host_begin);
  if (user != std::string_view::npos) result.host_begin = user + 1;
  result.host_end = std::min(url.find(':', result.host_begin), result.end);
  return result;
}

int hex_digit(char c) {
  if (is_digit(c)) return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

// false: a % without two digits.
bool percent_decode(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const int high = hex_digit(text[i + 1]), low = hex_digit(text[i + 2]);
    if (high < 0 || low < 0) return false;
    out += static_cast<char>(high << 4 | low);
    i += 2;
  }
  return true;
}

Text decoded(Context& context, std::string_view text) {
  std::string out;
  if (!percent_decode(text, out)) return fail(context, RowError::ConversionFailed);
  if (!utf8::valid(out)) return fail(context, RowError::InvalidUtf8);
  return context.arena->copy(out);
}

// The last @ with something on both sides; npos: no address.
std::size_t at_sign(std::string_view text) {
  const std::size_t at = text.rfind('@');
  return at == 0 || at + 1 == text.size() ? std::string_view::npos : at;
}

}  // namespace

Text email_local(Context&, Text value) {
  const std::size_t at = value.data == nullptr ? std::string_view::npos : at_sign(view(value));
  return at == std::string_view::npos ? kMissing : slice(value, 0, at);
}
Text email_domain(Context&, Text value) {
  const std::size_t at = value.data == nullptr ? std::string_view::npos : at_sign(view(value));
  return at == std::string_view::npos ? kMissing : slice(value, at + 1, view(value).size());
}

Text url_scheme(Context& context, Text url) {
  if (url.data == nullptr) return kMissing;
  const Authority found = authority_of(view(url));
  return found.scheme_end == std::string_view::npos ? kMissing
                                                    : lower_ascii(context, slice(url, 0, found.scheme_end));
}
Text url_host(Context& context, Text url) {
  if (url.data == nullptr) return kMissing;
  const Authority found = authority_of(view(url));
  if (found.scheme_end == std::string_view::npos || found.host_begin >= found.host_end) return kMissing;
  return lower_ascii(context, slice(url, found.host_begin, found.host_end));
}
Text url_path(Context&, Text url) {
  if (url.data == nullptr) return kMissing;
  const Authority found = authority_of(view(url));
  if (found.scheme_end == std::string_view::npos) return kMissing;
  const std::size_t end = std::min(view(url).find_first_of("?#", found.end), view(url).size());
  return slice(url, found.end, end);
}

Text url_query_param(Context& context, Text url, Text name) {
  if (url.data == nullptr || name.data == nullptr) return kMissing;
  std::string_view query = view(url).substr(0, view(url).find('#'));
  const std::size_t begin = query.find('?');
  if (begin == std::string_view::npos) return kMissing;
  query.remove_prefix(begin + 1);
  while (true) {
    const std::string_view pair = query.substr(0, query.find('&'));
    const std::string_view key = pair.substr(0, pair.find('='));
    std::string plain;
    if (percent_decode(key, plain) && plain == view(name))
      return key.size() == pair.size() ? Text{"", 0} : decoded(context, pair.substr(key.size() + 1));
    if (pair.size() == query.size()) return kMissing;
    query.remove_prefix(pair.size() + 1);
  }
}

Text url_encode(Context& context, Text value) {
  constexpr std::string_view kHex = "0123456789ABCDEF";
  std::string out;
  for (const char c : view(value)) {
    const bool kept = is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      std::string_view("-._~").find(c) != std::string_view::npos;
    if (kept) {
      out += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      out += '%';
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    }
  }
  return context.arena->copy(out);
}

Text url_decode(Context& context, Text value) {
  return decoded(context, view(value));
}

}  // namespace backfill::stdlib::native_text
