// SPDX-License-Identifier: Apache-2.0
// The values of a type at which implementations part: borders, signs, halves, blanks, letters of every width.
#pragma once

#include <vector>

#include "stdlib/function.h"

namespace backfill::test {

std::vector<stdlib::Value> edge_values(const stdlib::Type& type);

// Types that the row's parameters may take: one list, or several where decimals have many shapes.
std::vector<std::vector<stdlib::Type>> argument_types(const stdlib::Function& function);

// What the row gives for these; of a conversion to decimal, several.
std::vector<stdlib::Type> result_types(const stdlib::Function& function,
                                       const std::vector<stdlib::Type>& arguments);

// At most `most` combinations of edge values, missing among them; always the same ones.
std::vector<std::vector<stdlib::Value>> tuples(const std::vector<stdlib::Type>& types, std::size_t most);

}  // namespace backfill::test
