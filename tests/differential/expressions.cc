// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/expressions.h"

#include <algorithm>
#include <array>
#include <limits>
#include <numeric>
#include <regex>

#include "compiler/evaluate/evaluate.h"
#include "stdlib/calendar.h"
#include "stdlib/decimal.h"
#include "stdlib/json.h"

namespace backfill::test {

using ir::Op;
using stdlib::Decimal;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

namespace {

constexpr std::array kMoods = {"sad", "ok", "happy", "Ä"};

std::vector<Type> all_types() {
  std::vector<Type> types;
  for (const Kind kind :
       {Kind::Bool, Kind::Int16, Kind::Int32, Kind::Int64, Kind::Float32, Kind::Float64, Kind::Text,
        Kind::Bytes, Kind::Date, Kind::Time, Kind::Timestamp, Kind::LocalTimestamp, Kind::Uuid, Kind::Json})
    types.push_back(stdlib::make(kind));
  Type mood = stdlib::make(Kind::Enum);
  mood.name = "mood";
  mood.labels = std::make_shared<const std::vector<std::string>>(std::begin(kMoods), std::end(kMoods));
  types.push_back(std::move(mood));
  types.push_back(stdlib::list_of(stdlib::make(Kind::Int64)));
  types.push_back(stdlib::list_of(stdlib::text()));
  for (const auto& [precision, scale] :
       {std::pair(9, 2), std::pair(15, 4), std::pair(18, 0), std::pair(38, 6)})
    types.push_back(stdlib::decimal(precision, scale));
  return types;
}

// Wanted by some parameters, but no column holds them.
bool is_constant(const ir::Expr& expr) {
  return expr.op != ir::Op::Input && expr.op != ir::Op::Now &&
         std::ranges::all_of(expr.arguments, [](const ir::Expr* argument) { return is_constant(*argument); });
}

// The checker folds constants and refuses those that fail; PostgreSQL raises them wherever they stand
// (SEMANTICS 109).
bool is_refused(const ir::Expr& expr) {
  return is_constant(expr) && evaluate::evaluate(expr, {}, {}).failure.has_value();
}

bool only_literal(Kind kind) {
  return kind == Kind::Interval;
}

}  // namespace

Expressions::Expressions(std::uint32_t seed) : random_(seed), types_(all_types()) {
  for (const Type& type : types_) {
    spec_.input(type);
    spec_.input(type.or_missing());
  }
  order_.resize(stdlib::functions().size());
  std::iota(order_.begin(), order_.end(), std::size_t{0});
  for (std::size_t k = order_.size(); k > 1; --k) std::swap(order_[k - 1], order_[pick(k)]);
}

TypedTable Expressions::table(std::string name, std::size_t rows) {
  std::vector<Type> types;
  for (const ir::Input& input : spec_.backfill.row.inputs) types.push_back(input.type);
  std::vector<std::vector<Value>> values(rows);
  for (std::size_t row = 0; row < rows; ++row) {
    for (const Type& type : types) {
      const bool tie = row > 0 && chance(10);  // the value of the row before
      values[row].push_back(tie ? values[row - 1][values[row].size()]
                                : (type.optional && chance(20) ? Value() : value(type)));
    }
  }
  return {std::move(name), std::move(types), std::move(values)};
}

const ir::Expr* Expressions::next() {
  const int depth = chance(50) ? 1 : 2 + static_cast<int>(pick(3));
  if (chance(10)) return chance(50) ? logic(depth) : lazy(one_of(types_), depth);
  for (std::size_t attempt = 0; attempt < order_.size(); ++attempt) {
    const stdlib::Function& row = stdlib::functions()[order_[turn_++ % order_.size()]];
    if (const Expr* made = call(row, depth)) return made;
  }
  return logic(depth);
}

// --- expressions ---

std::vector<Type> Expressions::fitting(const Type& wanted) const {
  std::vector<Type> out;
  for (const Type& type : types_)
    if (type.kind == wanted.kind) out.push_back(type);
  if (out.empty() && only_literal(wanted.kind)) out.push_back(wanted.required());
  return out;
}

const ir::Expr* Expressions::leaf(const Type& type) {
  if (only_literal(type.kind)) return spec_.literal(type.required(), value(type));
  if (chance(4)) return spec_.missing(type);
  if (chance(20)) return spec_.literal(type.required(), value(type));
  std::vector<std::size_t> columns;
  const auto& inputs = spec_.backfill.row.inputs;
  for (std::size_t k = 0; k < inputs.size(); ++k)
    if (inputs[k].type.required() == type.required()) columns.push_back(k);
  if (columns.empty()) return spec_.literal(type.required(), value(type));
  return spec_.read(one_of(columns));
}

const ir::Expr* Expressions::expression(const Type& type, int depth) {
  if (depth <= 0 || only_literal(type.kind)) return leaf(type);
  const Expr* made = nullptr;
  if (type.kind == Kind::Bool && chance(40)) made = logic(depth);
  if (made == nullptr && chance(20)) made = lazy(type, depth);
  if (made == nullptr) made = function(type, depth);
  return made == nullptr ? leaf(type) : made;
}

const ir::Expr* Expressions::logic(int depth) {
  const Type boolean = stdlib::make(Kind::Bool);
  const auto condition = [&] { return expression(boolean, depth - 1); };
  const Type any = one_of(types_);
  switch (pick(6)) {
    case 0:
      return spec_.boolean(Op::And, {condition(), condition()});
    case 1:
      return spec_.boolean(Op::Or, {condition(), condition()});
    case 2:
      return spec_.boolean(Op::Not, {condition()});
    case 3:
      return spec_.boolean(Op::IsMissing, {expression(any, depth - 1)});
    case 4: {
      // The checker makes comparisons of these.
      if (any.kind == Kind::Json || any.kind == Kind::List) return condition();
      std::vector<const Expr*> elements = {expression(any, depth - 1)};
      for (std::size_t k = 1 + pick(3); k-- > 0;) elements.push_back(leaf(any));
      return spec_.boolean(Op::In, std::move(elements));
    }
    default: {
      constexpr std::array operators = {
          "=", "!=", "<", "<=", ">", ">=", "is distinct from", "is not distinct from"};
      const Expr* made =
          spec_.call(one_of(operators), {expression(any, depth - 1), expression(any, depth - 1)});
      return made == nullptr ? condition() : made;
    }
  }
}

const ir::Expr* Expressions::lazy(const Type& type, int depth) {
  const bool choose = chance(60);
  std::vector<const Expr*> arguments;
  bool any = false, all = true;
  const auto add = [&] {
    arguments.push_back(expression(type, depth - 1));
    any = any || arguments.back()->type.optional;
    all = all && arguments.back()->type.optional;
  };
  for (std::size_t k = 1 + pick(2); k-- > 0;) {
    if (choose) arguments.push_back(expression(stdlib::make(Kind::Bool), depth - 1));
    add();
  }
  add();
  Type result = type.required();
  result.optional = choose ? any : all;
  return spec_.op(choose ? Op::Case : Op::Coalesce, result, std::move(arguments));
}

// Any row whose result can be made the wanted type.
const ir::Expr* Expressions::function(const Type& type, int depth) {
  for (int attempt = 0; attempt < 60; ++attempt) {
    const stdlib::Function& row = one_of(stdlib::functions());
    std::vector<Type> types;
    for (const auto& parameter : row.parameters)
      types.push_back(parameter.type.kind == Kind::Decimal ? stdlib::decimal(9, 2) : parameter.type);
    const Kind result = row.result(types).kind;
    if (result != type.kind && !(stdlib::is_number(result) && chance(10))) continue;
    const Expr* made = call(row, depth);
    if (made == nullptr) continue;
    if (made->type.required() == type.required()) return made;
    made = spec_.convert(made, type, chance(40));
    if (made != nullptr && made->type.required() == type.required()) return made;
  }
  return nullptr;
}

const ir::Expr* Expressions::call(const stdlib::Function& row, int depth) {
  if (row.name == "as") return conversion(row, depth);
  std::vector<const Expr*> arguments;
  const bool members = row.name == "json_object";  // names that are written out, and values
  const std::size_t count =
      members ? 2 * (1 + pick(2)) : row.parameters.size() + (row.variadic ? pick(3) : 0);
  for (std::size_t k = 0; k < count; ++k) {
    if (members && k % 2 == 0) {
      arguments.push_back(spec_.literal(stdlib::make(Kind::Json), std::string(k == 0 ? "\"a\"" : "\"b\"")));
      continue;
    }
    arguments.push_back(argument(row, std::min(k, row.parameters.size() - 1), depth - 1));
    if (arguments.back() == nullptr) return nullptr;
  }
  const Expr* made = spec_.call(row.name, std::move(arguments));
  return made == nullptr || is_refused(*made) ? nullptr : made;
}

const ir::Expr* Expressions::conversion(const stdlib::Function& row, int depth) {
  const Expr* value = argument(row, 0, depth - 1);
  if (value == nullptr) return nullptr;
  const std::vector<Type> from = {value->type};
  const std::vector<Type> targets = fitting(row.result(from));
  return targets.empty() ? nullptr : spec_.convert(value, one_of(targets), chance(40));
}

const ir::Expr* Expressions::argument(const stdlib::Function& row, std::size_t parameter, int depth) {
  const Type& wanted = row.parameters[parameter].type;
  const bool beside_text = std::ranges::any_of(row.parameters, [](const stdlib::Parameter& each) {
    return each.type.kind == Kind::Text || each.type.kind == Kind::Bytes;
  });
  // Lengths and places: rpad to 2^31 is no test of ours.
  const bool place = (beside_text && !row.is_operator) || (row.group == "number" && parameter > 0);
  const std::vector<Type> types = fitting(wanted);
  if (types.empty()) return nullptr;
  const Type& type = one_of(types);
  if (place && stdlib::is_integer(wanted.kind)) return number(type);
  if (wanted.kind == Kind::Text && row.name != "as" && chance(parameter == 0 ? 15 : 45))
    if (const Expr* literal = of_example(row)) return literal;
  return expression(type, depth);
}

const ir::Expr* Expressions::number(const Type& type) {
  const std::int64_t number = chance(80) ? static_cast<std::int64_t>(pick(8)) : integer(-5, 40);
  return spec_.literal(type, number);
}

// What examples write in quotes: units, patterns, zones, separators.
const ir::Expr* Expressions::of_example(const stdlib::Function& row) {
  static const std::regex quoted("'((?:[^']|'')*)'");
  std::vector<std::string> found;
  for (const stdlib::Example& example : row.examples) {
    const std::string expression(example.expression);
    for (std::sregex_iterator at(expression.begin(), expression.end(), quoted), end; at != end; ++at)
      found.push_back((*at)[1].str());
  }
  if (found.empty()) return nullptr;
  return spec_.text(one_of(found));
}

}  // namespace backfill::test
