// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_pattern.h"

#include <re2/re2.h>

#include <algorithm>
#include <memory>
#include <string>
#include <unordered_map>

#include "stdlib/pattern.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_pattern {
namespace {

constexpr std::size_t kMostCompiled = 256;  // per thread; patterns are constants of a spec
constexpr int kMostGroups = 10;

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
re2::StringPiece piece(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
Text part_of(const re2::StringPiece& piece) {
  return {piece.data(), static_cast<std::int64_t>(piece.size())};
}

struct Compiled {
  std::unique_ptr<RE2> regex;  // null: not portable
  bool matches_empty = false;
};

Compiled compiled(std::string_view source) {
  const ParsedPattern parsed = parse_pattern(source);
  if (!parsed.pattern) return {};
  RE2::Options options;
  options.set_log_errors(false);
  auto regex = std::make_unique<RE2>(parsed.pattern->re2, options);
  if (!regex->ok()) return {};
  return {std::move(regex), parsed.pattern->matches_empty};
}

// No lock per row: each thread has its own, and mostly asks for the one that it asked for before.
const Compiled& compiled_of(Text pattern) {
  struct Cache {
    std::unordered_map<std::string, Compiled> all;
    std::string_view last;
    const Compiled* last_compiled = nullptr;
  };
  thread_local Cache cache;
  const std::string_view source = view(pattern);
  if (cache.last_compiled != nullptr && source == cache.last) return *cache.last_compiled;
  if (cache.all.size() >= kMostCompiled) cache.all.clear();
  const auto [entry, is_new] = cache.all.try_emplace(std::string(source));
  if (is_new) entry->second = compiled(source);
  cache.last = entry->first;
  cache.last_compiled = &entry->second;
  return entry->second;
}

const RE2* regex_of(Context& context, Text pattern) {
  const RE2* regex = compiled_of(pattern).regex.get();
  if (regex == nullptr) context.errors |= static_cast<std::uint32_t>(RowError::OutOfDomain);
  return regex;
}

// What finds nothing is found everywhere, and databases go on from there each in its own way.
const RE2* finding(Context& context, Text pattern) {
  const Compiled& compiled = compiled_of(pattern);
  if (compiled.regex != nullptr && !compiled.matches_empty) return compiled.regex.get();
  context.errors |= static_cast<std::uint32_t>(RowError::OutOfDomain);
  return nullptr;
}

struct Match {
  re2::StringPiece groups[kMostGroups];
  int count = 0;
  [[nodiscard]] std::size_t begin(Text in) const {
    return static_cast<std::size_t>(groups[0].data() - in.data);
  }
  [[nodiscard]] std::size_t end(Text in) const { return begin(in) + groups[0].size(); }
};

bool find(const RE2& regex, Text in, std::size_t from, int groups, Match& match) {
  match.count = groups;
  return regex.Match(piece(in), from, static_cast<std::size_t>(in.size), RE2::UNANCHORED, match.groups,
                     groups);
}

int groups_of(const RE2& regex) {
  return std::min(1 + regex.NumberOfCapturingGroups(), kMostGroups);
}

// false: `to` uses a backslash otherwise than it may.
bool append_replacement(std::string& out, std::string_view to, const Match& match) {
  for (std::size_t i = 0; i < to.size(); ++i) {
    if (to[i] != '\\') {
      out += to[i];
      continue;
    }
    if (++i == to.size()) return false;
    if (to[i] == '\\') {
      out += '\\';
      continue;
    }
    const int group = to[i] - '0';
    if (group < 1 || group >= match.count) return false;
    out.append(match.groups[group].data() == nullptr ? std::string_view()
                                                     : view(part_of(match.groups[group])));
  }
  return true;
}

Text replaced(Context& context, Text value, Text pattern, Text to, bool all) {
  const RE2* regex = finding(context, pattern);
  if (regex == nullptr) return {"", 0};
  Match match;
  std::string out;
  std::size_t copied = 0;
  const auto size = static_cast<std::size_t>(value.size);
  for (std::size_t from = 0; from <= size && find(*regex, value, from, groups_of(*regex), match);) {
    out.append(value.data + copied, match.begin(value) - copied);
    if (!append_replacement(out, view(to), match)) return fail(context, RowError::OutOfDomain);
    copied = from = match.end(value);
    if (!all) break;
  }
  if (copied == 0 && out.empty()) return value;
  out.append(value.data + copied, size - copied);
  if (out.size() > (std::size_t{1} << 26)) return fail(context, RowError::Overflow);
  return context.arena->copy(out);
}

}  // namespace

// Both walk; where they part, the last % takes one code point more.
bool like(Context& context, Text value, Text pattern) {
  if (pattern.size > 0 && !parse_like(view(pattern))) return fail(context, RowError::OutOfDomain);
  const std::string_view text = view(value), form = view(pattern);
  std::size_t at = 0, in = 0, retry_at = 0, retry_in = std::string_view::npos;
  while (at < text.size()) {
    const auto width = static_cast<std::size_t>(utf8::width(text[at]));
    if (in < form.size() && form[in] == '%') {
      retry_in = ++in;
      retry_at = at;
      continue;
    }
    if (in < form.size()) {
      const std::size_t literal = in + (form[in] == '\\' ? 1 : 0);
      const auto step = static_cast<std::size_t>(utf8::width(form[literal]));
      const bool any = literal == in && form[in] == '_';
      if (any || text.substr(at, width) == form.substr(literal, step)) {
        at += width;
        in = literal + (any ? 1 : step);
        continue;
      }
    }
    if (retry_in == std::string_view::npos) return false;
    retry_at += static_cast<std::size_t>(utf8::width(text[retry_at]));
    at = retry_at;
    in = retry_in;
  }
  while (in < form.size() && form[in] == '%') ++in;
  return in == form.size();
}

bool test(Context& context, Text value, Text pattern) {
  const RE2* regex = regex_of(context, pattern);
  Match match;
  return regex != nullptr && find(*regex, value, 0, 0, match);
}

Text substr(Context& context, Text value, Text pattern) {
  if (value.data == nullptr || pattern.data == nullptr) return {nullptr, 0};
  const RE2* regex = finding(context, pattern);
  Match match;
  if (regex == nullptr || !find(*regex, value, 0, 1, match)) return {nullptr, 0};
  return part_of(match.groups[0]);
}

Text capture(Context& context, Text value, Text pattern) {
  if (value.data == nullptr || pattern.data == nullptr) return {nullptr, 0};
  const RE2* regex = finding(context, pattern);
  Match match;
  if (regex == nullptr || regex->NumberOfCapturingGroups() < 1) {
    if (regex != nullptr) context.errors |= static_cast<std::uint32_t>(RowError::OutOfDomain);
    return {nullptr, 0};
  }
  if (!find(*regex, value, 0, 2, match)) return {nullptr, 0};
  return part_of(match.groups[1]);
}

std::int32_t count(Context& context, Text value, Text pattern) {
  const RE2* regex = finding(context, pattern);
  Match match;
  std::int32_t found = 0;
  std::size_t from = 0;
  while (regex != nullptr && from <= static_cast<std::size_t>(value.size) &&
         find(*regex, value, from, 1, match)) {
    ++found;
    from = match.end(value);
  }
  return found;
}

std::int32_t instr(Context& context, Text value, Text pattern) {
  const RE2* regex = finding(context, pattern);
  Match match;
  if (regex == nullptr || !find(*regex, value, 0, 1, match)) return 0;
  return static_cast<std::int32_t>(utf8::length({value.data, static_cast<std::int64_t>(match.begin(value))}) +
                                   1);
}

Text replace(Context& context, Text value, Text pattern, Text to) {
  return replaced(context, value, pattern, to, true);
}
Text replace_first(Context& context, Text value, Text pattern, Text to) {
  return replaced(context, value, pattern, to, false);
}

}  // namespace backfill::stdlib::native_pattern
