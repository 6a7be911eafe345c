// SPDX-License-Identifier: Apache-2.0
// MariaDB's answers to SQL lowering.
#pragma once

#include <string_view>

#include "compiler/lower/sql/dialect.h"

namespace backfill::database::mariadb {

// The form in which expressions compute: text in utf8mb4_nopad_bin (by bytes, no padding), enums and uuids
// (lower case) as such text; booleans 0 and 1; both kinds of timestamp as DATETIME(6), instants in UTC;
// intervals as their microseconds; 32-bit floats as doubles. Everything else is MariaDB's own type.
const lower_sql::Dialect& dialect();

// A column type that holds every value of a type: "DATETIME(6)". Empty: there is none. Decimals: see
// their precision.
std::string_view type_name(stdlib::Kind kind);

}  // namespace backfill::database::mariadb
