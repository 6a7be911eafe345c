// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/kept_rows.h"

#include <algorithm>

#include "stdlib/bug.h"

namespace backfill::database::postgres {

namespace {

void put(std::string& fields, const PGresult* answer, int row, int column) {
  if (PQgetisnull(answer, row, column) != 0) return wire::put_null(fields);
  wire::put_field(fields, std::string_view(PQgetvalue(answer, row, column),
                                           static_cast<std::size_t>(PQgetlength(answer, row, column))));
}

}  // namespace

KeptRows::KeptRows(const PGresult* answer, std::vector<int> columns, std::optional<Seen> seen)
    : columns_(std::move(columns)), seen_(std::move(seen)) {
  const int rows = PQntuples(answer), version = PQnfields(answer) - 1, place = version - 1;
  for (int row = 0; row < rows; ++row) {
    begins_.push_back(fields_.size());
    put(fields_, answer, row, place);
    put(fields_, answer, row, version);
    BACKFILL_CHECK(fields_.size() - begins_.back() == kPlace + kVersion, "a version has another form");
    for (const int column : columns_) put(fields_, answer, row, column);
  }
}

std::string_view KeptRows::field(std::int64_t row, int column) const {
  const char* from = at(row) + kPlace + kVersion;
  for (const int kept : columns_) {
    const auto length = wire::get<std::int32_t>(from);
    const std::size_t size = sizeof length + static_cast<std::size_t>(std::max(length, 0));
    if (kept == column) return {from, size};
    from += size;
  }
  BACKFILL_CHECK(false, "a column that is not kept");
  return {};
}

}  // namespace backfill::database::postgres
