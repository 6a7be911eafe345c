// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/shown_url.h"

#include <algorithm>

namespace backfill::cli {

namespace {

void drop_behind_user(std::string& url) {
  const std::size_t scheme = url.find("://");
  if (scheme == std::string::npos) return;
  const std::size_t begin = scheme + 3;
  // The last @ before the path: a password that is not encoded may hold one itself.
  const std::size_t end = std::min(url.find('/', begin), url.size());
  const std::size_t at = url.rfind('@', end);
  const std::size_t colon = url.find(':', begin);
  if (at == std::string::npos || at < begin || colon > at) return;
  url.erase(colon, at - colon);
}

void drop_words(std::string& url, std::string_view word) {
  for (std::size_t at = 0; (at = url.find(word, at)) != std::string::npos;) {
    const std::size_t end = std::min(url.find_first_of("& ", at), url.size());
    const bool first = at > 0 && url[at - 1] == '?';
    if (end < url.size() && first)
      url.erase(at, end - at + 1);
    else
      url.erase(at > 0 ? at - 1 : 0, end - at + (at > 0 ? 1 : 0));
  }
}

}  // namespace

std::string without_password(std::string_view url) {
  std::string shown(url);
  drop_behind_user(shown);
  drop_words(shown, "password=");
  return shown;
}

std::string shell_word(std::string_view text) {
  const auto plain = [](char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           std::string_view("%+,-./:=@_").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return std::string(text);
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return word + "'";
}

}  // namespace backfill::cli
