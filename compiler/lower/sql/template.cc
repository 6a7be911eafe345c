// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/sql/template.h"

#include <optional>

#include "stdlib/bug.h"

namespace backfill::lower_sql {

namespace {

constexpr std::string_view kUnfit = "a SQL template with a hole that does not fit";

struct Hole {
  char digits = '\0';  // p, s or w: of a type
  bool rest = false;
  std::optional<std::size_t> index;
  int strength = 0;
};

std::optional<std::size_t> number(std::string_view text, std::size_t& at) {
  std::optional<std::size_t> value;
  for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
    value = value.value_or(0) * 10 + static_cast<std::size_t>(text[at] - '0');
  return value;
}

// `at` stands behind the `{`, and behind the `}` afterwards.
Hole hole_at(std::string_view text, std::size_t& at) {
  Hole hole;
  if (text[at] == 'p' || text[at] == 's' || text[at] == 'w') hole.digits = text[at++];
  if (text[at] == '*') {
    hole.rest = true;
    ++at;
  }
  hole.index = number(text, at);
  if (text[at] == ':') hole.strength = static_cast<int>(number(text, ++at).value_or(0));
  BACKFILL_CHECK(at < text.size() && text[at] == '}' && (hole.index || hole.digits != '\0'), kUnfit);
  ++at;
  return hole;
}

// Calls `plain` for each character and `hole` for each hole, in order.
template <typename Plain, typename OnHole>
void walk(std::string_view text, const Plain& plain, const OnHole& on_hole) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if ((c == '{' || c == '}') && at < text.size() && text[at] == c) {
      plain(c);
      ++at;
    } else if (c == '{') {
      on_hole(hole_at(text, at));
    } else {
      plain(c);
    }
  }
}

std::string digits_of(const stdlib::Type& type, char asked) {
  if (asked == 'p') return std::to_string(type.precision);
  return std::to_string(asked == 's' ? type.scale : type.precision - type.scale);
}

}  // namespace

std::string filled(std::string_view text, const std::vector<Sql>& arguments, const ir::Expr& expr) {
  std::string result;
  walk(
      text, [&](char c) { result += c; },
      [&](const Hole& hole) {
        if (hole.digits != '\0') {
          result += digits_of(hole.index ? expr.arguments.at(*hole.index)->type : expr.type, hole.digits);
          return;
        }
        BACKFILL_CHECK(*hole.index < arguments.size() + (hole.rest ? 1 : 0), kUnfit);
        const std::size_t end = hole.rest ? arguments.size() : *hole.index + 1;
        if (*hole.index == end && result.ends_with(", ")) result.resize(result.size() - 2);
        for (std::size_t i = *hole.index; i < end; ++i)
          result += (i == *hole.index ? "" : ", ") + within(arguments[i], hole.strength);
      });
  return result;
}

std::size_t uses(std::string_view text, std::size_t argument) {
  std::size_t count = 0;
  walk(
      text, [](char) {},
      [&](const Hole& hole) {
        if (hole.digits == '\0')
          count += *hole.index == argument || (hole.rest && *hole.index <= argument) ? 1 : 0;
      });
  return count;
}

}  // namespace backfill::lower_sql
