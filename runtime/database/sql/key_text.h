// SPDX-License-Identifier: Apache-2.0
// A key as JSON text and back, exactly: [42], ["a", 7]. Timestamps and dates are their numbers; decimals and
// floats are texts; bytes are hexadecimal digits. The empty key (an open side) is the empty text.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/store.h"

namespace backfill::database_sql {

[[nodiscard]] std::string key_text(const database::Key& key, const std::vector<stdlib::Type>& types);
// Nothing: the text is not a key of these types.
[[nodiscard]] std::optional<database::Key> parse_key(std::string_view text,
                                                     const std::vector<stdlib::Type>& types);
[[nodiscard]] std::vector<stdlib::Type> key_types(const ir::Backfill& backfill);

// "text" with its quotes, escaped for JSON.
[[nodiscard]] std::string json_quote(std::string_view text);

}  // namespace backfill::database_sql
