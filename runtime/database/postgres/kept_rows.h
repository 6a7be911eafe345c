// SPDX-License-Identifier: Apache-2.0
// What stays with a batch until it is written: of each row its version, and those of its values that are sent
// back in the server's own bytes. One row after the other, as fields that can be sent as they are: a window
// is written in several passes, and most of an answer would have to be fetched into the cache for each.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/wire.h"
#include "runtime/database/store.h"

namespace backfill::database::postgres {

class KeptRows {
 public:
  // `columns` of an answer that ends in ctid and xmin; `seen`: nothing, it is not to be asked.
  KeptRows(const PGresult* answer, std::vector<int> columns, std::optional<Seen> seen);

  // With its length before it; NULL has the length -1. O(columns that are kept).
  [[nodiscard]] std::string_view field(std::int64_t row, int column) const;
  [[nodiscard]] std::string_view place(std::int64_t row) const { return {at(row), kPlace}; }
  [[nodiscard]] std::string_view version(std::int64_t row) const { return {at(row) + kPlace, kVersion}; }
  [[nodiscard]] std::uint32_t page(std::int64_t row) const {
    return wire::get<std::uint32_t>(at(row) + sizeof(std::int32_t));
  }
  [[nodiscard]] const std::optional<Seen>& seen() const { return seen_; }

 private:
  // A tid is a page and a position.
  static constexpr std::size_t kPlace = sizeof(std::int32_t) + 6, kVersion = sizeof(std::int32_t) + 4;

  [[nodiscard]] const char* at(std::int64_t row) const {
    return fields_.data() + begins_[static_cast<std::size_t>(row)];
  }

  std::vector<int> columns_;
  std::string fields_;  // of each row: place, version, the columns
  std::vector<std::size_t> begins_;
  std::optional<Seen> seen_;
};

inline const KeptRows& kept_rows(const RowBatch& batch) {
  return *static_cast<const KeptRows*>(batch.kept.get());
}

}  // namespace backfill::database::postgres
