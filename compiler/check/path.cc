// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/path.h"

#include <algorithm>
#include <optional>
#include <unordered_set>

#include "stdlib/json.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

std::vector<std::string> steps_of(std::string_view path) {
  std::vector<std::string> steps;
  stdlib::json::each_element(path, [&](std::string_view step) {
    steps.emplace_back(step[0] == '"' ? step : "0");
    return true;
  });
  return steps;
}

bool is_step(const Expr& expr, std::string_view function) {
  return expr.op == Op::Call && expr.function->name == function && expr.arguments[1]->op == Op::Literal &&
         !expr.arguments[1]->value.missing();
}

bool is_get(const Expr& expr) {
  return is_step(expr, "json_get");
}

// Of `column['a'][0]` or has_key(column, 'a'), nothing for what is no such chain.
std::optional<Part> part_of(const Expr& expr) {
  std::string steps;
  const Expr* at = &expr;
  for (; is_get(*at) || (at == &expr && is_step(*at, "has_key")); at = at->arguments[0]) {
    const Expr& step = *at->arguments[1];
    const bool key = step.type.kind == stdlib::Kind::Text;
    const std::string written = key ? stdlib::json::quoted(step.value.text()) : "0";
    steps = steps.empty() ? written : written + "," + steps;
  }
  if (at->op != Op::Input) return std::nullopt;
  return Part{at->input, "[" + steps + "]"};
}

void collect(const Expr& expr, std::unordered_set<const Expr*>& seen, std::vector<Part>& parts) {
  if (!seen.insert(&expr).second) return;
  if (std::optional<Part> part = part_of(expr)) return parts.push_back(*std::move(part));
  for (const Expr* argument : expr.arguments) collect(*argument, seen, parts);
}

}  // namespace

bool overlap(std::string_view left, std::string_view right) {
  const std::vector<std::string> one = steps_of(left), other = steps_of(right);
  const std::size_t common = std::min(one.size(), other.size());
  return std::equal(one.begin(), one.begin() + static_cast<std::ptrdiff_t>(common), other.begin());
}

std::vector<Part> parts_read(const Expr& expr) {
  std::unordered_set<const Expr*> seen;
  std::vector<Part> parts;
  collect(expr, seen, parts);
  return parts;
}

}  // namespace backfill::check
