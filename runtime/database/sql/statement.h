// SPDX-License-Identifier: Apache-2.0
// Bookkeeping statements are written once with `?` for bound values, whatever the dialect's own placeholder
// is.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "runtime/database/store.h"

namespace backfill::database_sql {

// `?` must stand for a value wherever it stands: our statements have none in literals.
[[nodiscard]] std::string with_placeholders(const lower_sql::Dialect& dialect, std::string_view sql);

Result<std::int64_t> execute(database::Store& store, std::string_view sql,
                             std::initializer_list<stdlib::Value> values = {});
Result<database::Rows> query(database::Store& store, std::string_view sql,
                             std::initializer_list<stdlib::Value> values = {});
// The first column of the first row; `otherwise` when there is none or it is NULL.
Result<std::int64_t> number(database::Store& store, std::string_view sql, std::int64_t otherwise,
                            std::initializer_list<stdlib::Value> values = {});

// Lenient readings of a stored value: NULL is 0 or "".
[[nodiscard]] std::int64_t integer(const stdlib::Value& value);
[[nodiscard]] std::string text(const stdlib::Value& value);
// "" becomes NULL.
[[nodiscard]] stdlib::Value or_null(std::string_view text);

}  // namespace backfill::database_sql
