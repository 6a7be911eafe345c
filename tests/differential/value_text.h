// SPDX-License-Identifier: Apache-2.0
// What a database answered, as a value of the language.
#pragma once

#include <optional>
#include <string>

#include "stdlib/value.h"

namespace backfill::test {

// Nothing: the text is no value of the type. NULL (no text) is missing.
std::optional<stdlib::Value> parsed(const std::optional<std::string>& text, const stdlib::Type& type);

}  // namespace backfill::test
