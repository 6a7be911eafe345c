// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's answers to SQL lowering.
#pragma once

#include "compiler/lower/sql/dialect.h"

namespace backfill::database::postgres {

// The form in which expressions compute is the database's own type of the same meaning: int2/int4/int8,
// float4/float8, numeric (its display scale is the type's scale), text, bytea, date, time, timestamptz in
// UTC, timestamp, uuid, jsonb; labels of an enum as text.
const lower_sql::Dialect& dialect();

// "schema"."table": also what `::regclass` reads.
[[nodiscard]] std::string qualified(const schema::Table& table);

// The type that a literal is cast to: "int4". Empty: there is none.
std::string_view type_name(stdlib::Kind kind);

}  // namespace backfill::database::postgres
