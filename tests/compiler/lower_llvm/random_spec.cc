// SPDX-License-Identifier: Apache-2.0
#include "tests/compiler/lower_llvm/random_spec.h"

#include <limits>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::test {

using ir::Op;
using stdlib::Decimal;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

RandomSpec::RandomSpec(std::uint32_t seed) : random_(seed) {
  types_ = {stdlib::make(Kind::Bool),  stdlib::make(Kind::Int16),    stdlib::make(Kind::Int32),
            stdlib::make(Kind::Int64), stdlib::make(Kind::Float64),  stdlib::decimal(9, 2),
            stdlib::decimal(18, 4),    stdlib::decimal(38, 6),       stdlib::text(),
            stdlib::make(Kind::Date),  stdlib::make(Kind::Timestamp)};
  for (const Type& type : types_) {
    spec.input(type);
    spec.input(type.or_missing());
  }
  ir::RowFunction& row = spec.backfill.row;
  if (chance(70)) row.where = condition(3);
  if (chance(30)) row.guard = spec.boolean(Op::IsMissing, {expression(types_[pick(types_.size())], 1)});
  for (std::size_t k = pick(4); k-- > 0;) {
    ir::Rule rule;
    rule.kind = chance(60) ? ir::RuleKind::Exclude : ir::RuleKind::Review;
    rule.unknown = static_cast<ir::UnknownAs>(pick(3));
    rule.name = "rule";
    rule.condition = condition(3);
    row.rules.push_back(rule);
  }
  for (std::size_t k = 1 + pick(4); k-- > 0;) spec.derive(expression(types_[pick(types_.size())], 4));
  for (std::size_t k = pick(3); k-- > 0;) row.stage_conditions.push_back(condition(2));
  spec.finish();
}

const ir::Expr* RandomSpec::leaf(const Type& type) {
  if (chance(8)) return spec.missing(type);
  if (chance(25)) return spec.literal(type.required(), value(type));
  std::vector<std::size_t> fitting;
  for (std::size_t k = 0; k < spec.backfill.row.inputs.size(); ++k) {
    if (spec.backfill.row.inputs[k].type.required() == type.required()) fitting.push_back(k);
  }
  if (fitting.empty()) return spec.literal(type.required(), value(type));
  return spec.read(fitting[pick(fitting.size())]);
}

const ir::Expr* RandomSpec::condition(int depth) {
  return expression(stdlib::make(Kind::Bool), depth);
}

const ir::Expr* RandomSpec::expression(const Type& type, int depth) {
  if (depth == 0) return leaf(type);
  if (chance(15)) {  // a `let` that is used again
    std::vector<const Expr*> fitting;
    for (const Expr* expr : made_) {
      if (expr->type.required() == type.required()) fitting.push_back(expr);
    }
    if (!fitting.empty()) return fitting[pick(fitting.size())];
  }
  const Expr* made = nullptr;
  if (type.kind == Kind::Bool && chance(50)) made = logic(depth);
  if (made == nullptr && chance(30)) made = lazy(type, depth);
  if (made == nullptr) made = function(type, depth);
  if (made == nullptr) made = leaf(type);
  made_.push_back(made);
  return made;
}

const ir::Expr* RandomSpec::logic(int depth) {
  const Type any = types_[pick(types_.size())];
  switch (pick(6)) {
    case 0:
      return spec.boolean(Op::And, {condition(depth - 1), condition(depth - 1), condition(depth - 1)});
    case 1:
      return spec.boolean(Op::Or, {condition(depth - 1), condition(depth - 1)});
    case 2:
      return spec.boolean(Op::Not, {condition(depth - 1)});
    case 3:
      return spec.boolean(Op::IsMissing, {expression(any, depth - 1)});
    case 4: {
      std::vector<const Expr*> elements = {expression(any, depth - 1)};
      for (std::size_t k = 1 + pick(3); k-- > 0;)
        elements.push_back(expression(any, chance(70) ? 0 : depth - 1));
      return spec.boolean(Op::In, std::move(elements));
    }
    default: {
      const char* operators[] = {"=", "!=", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"};
      return spec.call(operators[pick(8)], {expression(any, depth - 1), expression(any, depth - 1)});
    }
  }
}

const ir::Expr* RandomSpec::lazy(const Type& type, int depth) {
  std::vector<const Expr*> arguments;
  const bool choose = chance(60);
  bool optional = choose ? false : true;
  for (std::size_t k = 1 + pick(3); k-- > 0;) {
    if (choose) arguments.push_back(condition(depth - 1));
    arguments.push_back(expression(type, depth - 1));
    optional =
        choose ? optional || arguments.back()->type.optional : optional && arguments.back()->type.optional;
  }
  arguments.push_back(expression(type, depth - 1));
  optional =
      choose ? optional || arguments.back()->type.optional : optional && arguments.back()->type.optional;
  Type result = type.required();
  result.optional = optional;
  return spec.op(choose ? Op::Case : Op::Coalesce, result, std::move(arguments));
}

// Any row of the function table whose result can be made the wanted type.
const ir::Expr* RandomSpec::function(const Type& type, int depth) {
  for (int attempt = 0; attempt < 8; ++attempt) {
    const stdlib::Function& row = stdlib::functions()[pick(stdlib::functions().size())];
    std::vector<const Expr*> arguments;
    bool usable = true;
    std::size_t count = row.parameters.size() + (row.variadic ? pick(3) : 0);
    for (std::size_t k = 0; k < count && usable; ++k) {
      const Kind kind = row.parameters[std::min(k, row.parameters.size() - 1)].type.kind;
      std::vector<Type> fitting;
      for (const Type& each : types_) {
        if (each.kind == kind) fitting.push_back(each);
      }
      usable = !fitting.empty();
      if (usable && row.group == "text" &&
          stdlib::is_integer(kind)) {  // lengths: rpad to 2^31 is no test of ours
        arguments.push_back(spec.literal(fitting[0], static_cast<std::int64_t>(pick(40)) - 4));
        continue;
      }
      if (usable) arguments.push_back(expression(fitting[pick(fitting.size())], depth - 1));
    }
    if (!usable) continue;
    const bool attempted = chance(25);
    const Expr* call = row.name == "as" ? spec.convert(arguments[0], type, attempted)
                                        : spec.call(row.name, std::move(arguments), attempted);
    if (call == nullptr) continue;
    if (call->type.required() == type.required()) return call;
    call = spec.convert(call, type, attempted);
    if (call != nullptr && call->type.required() == type.required()) return call;
  }
  return nullptr;
}

std::string RandomSpec::random_text() {
  static const std::vector<std::string> fixed = {
      "",      " ",          "a",    "ann@example.org", "  Padded ", "12", "-7.50", "2024-01-31",
      "month", "2024-02-30", "true", "a,b,c",           "@",         "@@", "ÄÖÜß",  "naïve café"};
  if (chance(60)) return fixed[pick(fixed.size())];
  static const std::vector<std::string> letters = {"a", "B", "@", ".", " ", "7", "é", "Ж", "漢", "😀", "-"};
  std::string text;
  for (std::size_t k = pick(chance(10) ? 200 : 20); k-- > 0;) text += letters[pick(letters.size())];
  return text;
}

Value RandomSpec::value(const Type& type) {
  const auto integer = [&](std::int64_t low, std::int64_t high) -> std::int64_t {
    if (chance(5)) return low;
    if (chance(5)) return high;
    if (chance(60)) return static_cast<std::int64_t>(pick(21)) - 10;
    return std::uniform_int_distribution<std::int64_t>(low, high)(random_);
  };
  switch (type.kind) {
    case Kind::Bool:
      return chance(50);
    case Kind::Int16:
      return integer(-32768, 32767);
    case Kind::Int32:
      return integer(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    case Kind::Int64:
      return integer(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    case Kind::Float64: {
      const double special[] = {0.0, -0.0, 1.5, -2.5, 1e300, -1e300, 5e-324, 0.1};
      return chance(50) ? special[pick(8)] : static_cast<double>(integer(-1000000, 1000000)) / 8;
    }
    case Kind::Decimal: {
      const stdlib::Int128 limit = stdlib::power_of_ten(type.precision) - 1;
      if (chance(4)) return Decimal{limit, type.scale};
      if (chance(4)) return Decimal{-limit, type.scale};
      const int digits = chance(70) ? std::min<int>(type.precision, 4) : type.precision;
      stdlib::Int128 unscaled = 0;
      for (int k = 0; k < digits; ++k) unscaled = unscaled * 10 + static_cast<int>(pick(10));
      return Decimal{chance(50) ? -unscaled : unscaled, type.scale};
    }
    case Kind::Text:
      return random_text();
    case Kind::Date:
      return chance(60) ? 19000 + static_cast<std::int64_t>(pick(1000))
                        : integer(stdlib::kFirstDay, stdlib::kLastDay);
    default:
      return chance(60) ? kNow + static_cast<std::int64_t>(pick(1'000'000'000)) * 100'000
                        : integer(stdlib::kFirstInstant, stdlib::kLastInstant);
  }
}

Rows RandomSpec::rows(std::size_t count) {
  Rows rows;
  for (std::size_t row = 0; row < count; ++row) {
    auto& values = rows.emplace_back();
    for (const ir::Input& input : spec.backfill.row.inputs) {
      values.push_back(input.type.optional && chance(25) ? Value() : value(input.type));
    }
  }
  return rows;
}

}  // namespace backfill::test
