// SPDX-License-Identifier: Apache-2.0
#include "stdlib/value_order.h"

#include "stdlib/decimal.h"

namespace backfill::stdlib {

bool less(const Value& left, const Value& right) {
  if (const auto* decimal = std::get_if<stdlib::Decimal>(&left.variant()))
    return stdlib::compare(*decimal, right.decimal()) < 0;
  return std::visit(
      [&](const auto& value) {
        using T = std::decay_t<decltype(value)>;
        if constexpr (std::is_same_v<T, stdlib::Decimal> || std::is_same_v<T, std::monostate>) {
          return false;
        } else {
          return value < std::get<T>(right.variant());
        }
      },
      left.variant());
}

}  // namespace backfill::stdlib
