// SPDX-License-Identifier: Apache-2.0
// What the rows of functions on texts share.
#pragma once

#include <string_view>

#include "stdlib/row.h"

namespace backfill::stdlib {

constexpr std::string_view kNoSuch = "SQLite has no such function";
constexpr std::string_view kNone = "there is no such function there";

inline Parameter text_parameter(std::string_view name) {
  return {name, text()};
}
inline Parameter count_parameter(std::string_view name) {
  return {name, make(Kind::Int32)};
}
inline const Parameter kValue = text_parameter("value");

}  // namespace backfill::stdlib
