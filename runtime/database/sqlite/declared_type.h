// SPDX-License-Identifier: Apache-2.0
// What a declared SQLite type means to us, and which affinity SQLite gives it.
#pragma once

#include <string_view>

#include "stdlib/type.h"

namespace backfill::database::sqlite {

// Not optional; Opaque where there is no mapping (no type at all, JSON, NUMERIC without digits, ...).
stdlib::Type declared_type(std::string_view sql_type);

}  // namespace backfill::database::sqlite
