// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace backfill::cli {

inline constexpr std::string_view kVersion = "0.1.0";

void print_overview();  // what `backfill` alone says
int unknown_verb(std::string_view given);

}  // namespace backfill::cli
