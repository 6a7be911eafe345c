// SPDX-License-Identifier: Apache-2.0
// SQLite's answers to SQL lowering.
#pragma once

#include "compiler/lower/sql/dialect.h"

namespace backfill::database::sqlite {

// The form in which expressions compute: timestamps as 'YYYY-MM-DD HH:MM:SS.ffffff' (26 characters, so that
// they compare as text), dates as 'YYYY-MM-DD', booleans 0 and 1, decimals of at most 15 digits as the
// nearest double (one to one there, so that they compare as numbers), text by bytes. Decimals of more digits
// have no form.
const lower_sql::Dialect& dialect();

// main."name": a temporary table of the same name must not stand in for the user's.
[[nodiscard]] std::string in_main(std::string_view name);

}  // namespace backfill::database::sqlite
