// SPDX-License-Identifier: Apache-2.0
// Decimals in SQLite's SQL. Stored ones are integers or doubles; every decimal of at most 15 digits is the
// nearest double of its own, so that whole numbers of its last digit are found again, computed with, and
// divided once more, all of it exactly. What has more digits, or is stored as no decimal, gives NULL.
#pragma once

#include <span>
#include <string>

#include "stdlib/function.h"

namespace backfill::stdlib::sqlite_form {

constexpr int kExactDigits = 15;

// `+`, `-` and `*` of decimals, and an integer as one, with holes as SqlTemplate has them. Empty: no such
// call, or a scale of more digits. Where `result` has room for more than kExactDigits the answer may be NULL
// though there is one: for sums alone, which then are none.
std::string decimal_call(const Function& function, std::span<const Type> types, const Type& result);

// `value`, SQL of a decimal, as a whole number of its last digit.
std::string whole_number(std::string_view value, int scale);
// The decimal of a whole number of its last digit. Binds as `*` does.
std::string of_whole_number(std::string_view whole, int scale);

}  // namespace backfill::stdlib::sqlite_form
