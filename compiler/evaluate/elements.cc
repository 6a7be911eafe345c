// SPDX-License-Identifier: Apache-2.0
#include "compiler/evaluate/elements.h"

#include "compiler/evaluate/evaluate.h"
#include "stdlib/bug.h"
#include "stdlib/json.h"

namespace backfill::evaluate {

using stdlib::Kind;
using stdlib::Value;

Elements::Elements(const stdlib::Type& list) {
  const stdlib::Type& type = *list.element;
  as_it_is_ = type.kind == Kind::Json || type.kind == Kind::List;
  if (as_it_is_) return;
  const stdlib::Function* conversion = stdlib::conversion(stdlib::make(Kind::Json), type, false);
  BACKFILL_CHECK(conversion != nullptr, "an element type that no JSON converts to");
  element_ = {.op = ir::Op::Input, .type = stdlib::make(Kind::Json), .input = 0};
  value_ = {.op = ir::Op::Call, .type = type, .function = conversion};
}

std::vector<Value> Elements::of(const Value& list) const {
  std::vector<Value> all;
  if (list.missing()) return all;
  ir::Expr call = value_;
  call.arguments = {&element_};
  Row row{.inputs = {Value()}};
  stdlib::json::each_element(list.text(), [&](std::string_view one) {
    row.inputs[0] = std::string(one);
    if (as_it_is_) {
      all.push_back(row.inputs[0]);
      return true;
    }
    Outcome outcome = evaluate(call, row, {});
    BACKFILL_CHECK(!outcome.failure, "an element that is not of its list's type");
    all.push_back(std::move(outcome.value));
    return true;
  });
  return all;
}

std::vector<std::vector<Value>> inserted_rows(const ir::Backfill& backfill, const ir::Effect& effect,
                                              const std::vector<Value>& values) {
  const auto value = [&](int index) -> const Value& { return values[static_cast<std::size_t>(index)]; };
  std::size_t rows = 1;
  if (effect.each >= 0)
    rows = value(effect.each).missing() ? 0 : stdlib::json::count(value(effect.each).text());
  std::vector<std::vector<Value>> all(rows);
  for (const ir::EffectColumn& one : effect.columns) {
    if (!one.of_element) {
      for (std::vector<Value>& row : all) row.push_back(value(one.value));
      continue;
    }
    const stdlib::Type& type = backfill.row.values[static_cast<std::size_t>(one.value)]->type;
    const std::vector<Value> elements = Elements(type).of(value(one.value));
    for (std::size_t i = 0; i < rows; ++i) all[i].push_back(elements[i]);
  }
  return all;
}

}  // namespace backfill::evaluate
