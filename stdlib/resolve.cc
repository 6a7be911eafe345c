// SPDX-License-Identifier: Apache-2.0
// Which row a call means: an exact match, else the one with the shortest lossless conversions, else the
// first.
#include <algorithm>
#include <optional>

#include "stdlib/decimal.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

// What fits anything.
bool open(const Type& type) {
  return type.kind == Kind::Missing || type.kind == Kind::Error;
}

int rank(Kind kind) {
  switch (kind) {
    case Kind::Int16:
      return 0;
    case Kind::Int32:
      return 1;
    case Kind::Int64:
      return 2;
    case Kind::Decimal:
      return 3;
    default:
      return -1;
  }
}

// How far the conversion goes; 0 for none, nullopt where there is no lossless one.
std::optional<int> distance(const Type& from, Kind to) {
  if (open(from) || from.kind == to) return 0;
  if (to == Kind::Float64) {
    if (from.kind == Kind::Float32) return 1;
    if (from.kind == Kind::Int32) return 4;
    if (from.kind == Kind::Int16) return 5;
  }
  if (to == Kind::Text && from.kind == Kind::Enum) return 1;
  const int low = rank(from.kind);
  const int high = rank(to);
  if (low < 0 || high < low) return std::nullopt;
  return high - low;
}

// As a decimal of exactly its digits.
Type as_decimal(const Type& type) {
  switch (type.kind) {
    case Kind::Int16:
      return decimal(5, 0);
    case Kind::Int32:
      return decimal(10, 0);
    case Kind::Int64:
      return decimal(19, 0);
    case Kind::Decimal:
      return type.precision != 0 ? type.required() : decimal(kMaxDigits, 0);
    default:
      return decimal(1, 0);
  }
}

Type aligned(const Type& left, const Type& right) {
  const int scale = std::max(left.scale, right.scale);
  const int whole = std::max(left.precision - left.scale, right.precision - right.scale);
  return decimal(std::clamp(whole + scale, 1, kMaxDigits), scale);
}

// Products and functions of one decimal take each as it is; the others want one type.
bool wants_alignment(const Function& row) {
  switch (row.inlined) {
    case Inline::None:
    case Inline::Multiply:
    case Inline::Convert:
      return false;
    default:
      return true;
  }
}

const Parameter& parameter(const Function& row, std::size_t index) {
  return row.parameters[std::min(index, row.parameters.size() - 1)];
}

bool arity_fits(const Function& row, std::size_t count) {
  return count == row.parameters.size() || (row.variadic && count > row.parameters.size());
}

// Two enums meet only if they are the same one.
bool enums_agree(const Function& row, std::span<const Type> arguments) {
  const Type* first = nullptr;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (parameter(row, i).type.kind != Kind::Enum || open(arguments[i])) continue;
    if (first != nullptr && !(first->required() == arguments[i].required())) return false;
    first = &arguments[i];
  }
  return true;
}

// Two lists meet only if their elements do.
bool lists_agree(const Function& row, std::span<const Type> arguments) {
  const Type* first = nullptr;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (parameter(row, i).type.kind != Kind::List || open(arguments[i])) continue;
    if (!arguments[i].element) continue;
    const Kind kind = arguments[i].element->kind;
    const bool meet = first == nullptr || open(*arguments[i].element) || open(*first) ||
                      kind == first->kind || (is_number(kind) && is_number(first->kind));
    if (!meet) return false;
    first = arguments[i].element.get();
  }
  return true;
}

std::optional<int> cost(const Function& row, std::span<const Type> arguments) {
  if (!arity_fits(row, arguments.size()) || !enums_agree(row, arguments) || !lists_agree(row, arguments))
    return std::nullopt;
  int total = 0;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    const auto step = distance(arguments[i], parameter(row, i).type.kind);
    if (!step) return std::nullopt;
    total += *step == 0 ? 0 : 100 + *step;  // fewest conversions first, then the shortest
  }
  return total;
}

std::vector<Type> decimal_types(const Function& row, std::span<const Type> arguments) {
  std::vector<Type> types;
  std::optional<Type> common;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    Type type = parameter(row, i).type.required();
    if (type.kind == Kind::Decimal) {
      type = as_decimal(arguments[i]);
      if (!open(arguments[i])) common = common ? aligned(*common, type) : type;
    }
    types.push_back(type);
  }
  if (!common || !wants_alignment(row)) return types;
  for (Type& type : types) {
    if (type.kind == Kind::Decimal) type = *common;
  }
  return types;
}

std::vector<Type> parameter_types(const Function& row, std::span<const Type> arguments) {
  std::vector<Type> types = decimal_types(row, arguments);
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (types[i].kind == Kind::List && !open(arguments[i])) types[i] = arguments[i].required();
    if (types[i].kind != Kind::Enum) continue;
    const auto known = std::find_if(arguments.begin(), arguments.end(),
                                    [](const Type& type) { return type.kind == Kind::Enum; });
    if (known != arguments.end()) types[i] = known->required();
  }
  return types;
}

Type result_type(const Function& row, const std::vector<Type>& types, std::span<const Type> arguments) {
  std::vector<Type> given = types;
  bool any_optional = false;
  for (std::size_t i = 0; i < given.size(); ++i) {
    const bool optional = arguments[i].optional || arguments[i].kind == Kind::Missing;
    any_optional = any_optional || optional;
    if (row.null_rule == NullRule::Decides) given[i].optional = optional;
  }
  Type result = row.result(given);
  if (row.null_rule == NullRule::MissingIfAny) result.optional = any_optional;
  if (row.null_rule == NullRule::NeverMissing) result.optional = false;
  if (row.null_rule == NullRule::Finds) result.optional = true;
  return result;
}

}  // namespace

bool converts_implicitly(const Type& from, const Type& to) {
  if (from.kind != Kind::Decimal && to.kind != Kind::Decimal) return distance(from, to.kind).has_value();
  if (to.kind != Kind::Decimal || !distance(from, to.kind)) return false;
  const Type exact = as_decimal(from);
  // At 38 digits there may be no room for every value; those are row errors, never another value.
  return to.scale >= exact.scale &&
         (to.precision - to.scale >= exact.precision - exact.scale || to.precision == kMaxDigits);
}

Resolution resolve(std::string_view name, std::span<const Type> arguments) {
  Resolution best;
  int best_cost = 0;
  for (const Function* row : overloads(name)) {
    const auto price = cost(*row, arguments);
    if (!price || (best.function != nullptr && *price >= best_cost)) continue;
    std::vector<Type> types = parameter_types(*row, arguments);
    Type result = result_type(*row, types, arguments);
    if (result.kind == Kind::Error) continue;
    best = {row, std::move(types), std::move(result)};
    best_cost = *price;
  }
  return best;
}

}  // namespace backfill::stdlib
