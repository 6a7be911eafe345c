// SPDX-License-Identifier: Apache-2.0
// Values of the language in PostgreSQL's binary form, both ways. What is not stored as its column's type says
// is refused, never converted.
#pragma once

#include <optional>
#include <string>

#include "compiler/schema/catalog.h"
#include "runtime/database/postgres/libpq.h"
#include "stdlib/batch.h"
#include "stdlib/row_error.h"

namespace backfill::database::postgres {

namespace oid {
constexpr Oid kBool = 16, kInet = 869, kBytes = 17, kInt64 = 20, kInt16 = 21, kInt32 = 23, kText = 25,
              kPaddedText = 1042, kVarchar = 1043, kTid = 27, kXid = 28, kJson = 114, kFloat32 = 700,
              kFloat64 = 701, kDate = 1082, kTime = 1083, kLocalTimestamp = 1114, kTimestamp = 1184,
              kInterval = 1186, kNumeric = 1700, kUuid = 2950, kJsonb = 3802;
}

struct Unfit {
  stdlib::RowError error;
  std::string message;  // "`paid_at` holds infinity, timestamp was expected"
};

// Reads a field of a binary result into `buffer`; `type` is the result column's. The buffer's slot is missing
// where the field is NULL or unfit.
std::optional<Unfit> decode(const PGresult* result, int row_of_result, int at, const schema::Column& column,
                            stdlib::ColumnBuffer& buffer, std::int64_t row, stdlib::Arena& arena);

// How a column's values are sent: the element type of an array (0: they cannot be), the SQL array type, and
// what a moment must be a multiple of (timestamp(3): 1,000 microseconds).
struct Sent {
  Oid element = 0;
  std::string_view array;  // "int8[]"
  std::int64_t unit = 1;
  Oid list_element = 0;     // a list: sent in an array as its literal, in a COPY as an array
  bool is_address = false;  // inet: sent in an array as text, in a COPY as an address
};
// `stored` is the column's type as PostgreSQL's format_type spells it.
[[nodiscard]] Sent sent_as(const stdlib::Type& type, std::string_view stored);

// Appends a field of an array with that element type. False, and nothing is appended: no such value can be
// stored (a moment outside the years 1..9999 or finer than its column, text with a NUL, NaN).
[[nodiscard]] bool encode(std::string& to, const Sent& sent, const stdlib::ColumnBuffer& buffer,
                          std::int64_t row);
// The same for a row of COPY.
[[nodiscard]] bool encode_for_copy(std::string& to, const Sent& sent, const stdlib::ColumnBuffer& buffer,
                                   std::int64_t row);

}  // namespace backfill::database::postgres
