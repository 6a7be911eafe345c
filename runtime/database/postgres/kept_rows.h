// SPDX-License-Identifier: Apache-2.0
// What stays with a batch until it is written: the server's answer, with each row's version and the prior
// values in the server's own bytes.
#pragma once

#include <optional>
#include <string_view>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/store.h"

namespace backfill::database::postgres {

struct KeptRows {
  Answer answer;             // inputs, perhaps what was found in other rows, then ctid and xmin
  std::optional<Seen> seen;  // nothing: not to be asked

  [[nodiscard]] bool is_null(std::int64_t row, int column) const {
    return PQgetisnull(answer.get(), static_cast<int>(row), column) != 0;
  }
  [[nodiscard]] std::string_view bytes(std::int64_t row, int column) const {
    return {PQgetvalue(answer.get(), static_cast<int>(row), column),
            static_cast<std::size_t>(PQgetlength(answer.get(), static_cast<int>(row), column))};
  }
  [[nodiscard]] std::string_view version(std::int64_t row) const {
    return bytes(row, PQnfields(answer.get()) - 1);
  }
  [[nodiscard]] std::string_view place(std::int64_t row) const {
    return bytes(row, PQnfields(answer.get()) - 2);
  }
  [[nodiscard]] std::uint32_t page(std::int64_t row) const {
    return wire::get<std::uint32_t>(place(row).data());
  }
  [[nodiscard]] int found() const { return PQnfields(answer.get()) - 3; }  // its column
};

inline const KeptRows& kept_rows(const RowBatch& batch) {
  return *static_cast<const KeptRows*>(batch.kept.get());
}

}  // namespace backfill::database::postgres
