// SPDX-License-Identifier: Apache-2.0
// One field of a source file as a value of its column.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/schema/catalog.h"
#include "stdlib/batch.h"
#include "stdlib/function.h"

namespace backfill::file {

// Texts become values as `as` makes them.
class Field {
 public:
  explicit Field(const schema::Column& column);

  // Puts the value into the row of the buffer. Else: what is wrong with it.
  [[nodiscard]] std::string put(std::string_view text, stdlib::ColumnBuffer& buffer, std::int64_t row,
                                stdlib::Arena& arena) const;
  // The same of a canonical JSON value (stdlib/json.h), but null.
  [[nodiscard]] std::string put_json(std::string_view value, stdlib::ColumnBuffer& buffer, std::int64_t row,
                                     stdlib::Arena& arena) const;
  [[nodiscard]] std::string put_missing(stdlib::ColumnBuffer& buffer, std::int64_t row) const;
  [[nodiscard]] const std::string& name() const { return column_->name; }

 private:
  [[nodiscard]] std::string put_text(std::string_view text, stdlib::ColumnBuffer& buffer, std::int64_t row,
                                     stdlib::Arena& arena) const;
  [[nodiscard]] std::string put_bool(std::string_view text, stdlib::ColumnBuffer& buffer,
                                     std::int64_t row) const;
  [[nodiscard]] std::string unfit(std::string_view seen) const;

  const schema::Column* column_;
  const stdlib::Function* conversion_;  // of a text and a bool: null
};

}  // namespace backfill::file
