// SPDX-License-Identifier: Apache-2.0
// Values bound to one statement, in the form in which libpq takes them. What a user's row holds reaches a
// statement in no other way.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/database/postgres/libpq.h"
#include "stdlib/value.h"

namespace backfill::database::postgres {

// Messages of ours may quote bytes that PostgreSQL's text cannot hold: U+FFFD stands for each NUL.
[[nodiscard]] std::string without_nul(std::string text);

class Parameters {
 public:
  // Text whose type PostgreSQL finds out from where it stands; nothing is NULL.
  void add_text(std::optional<std::string> text);
  // A value of the type in PostgreSQL's own text form (dates outside the years 1..9999 have none: false).
  [[nodiscard]] bool add(const stdlib::Value& value, const stdlib::Type& type);
  // As `add`, by what the value is: of bookkeeping and of keys as queries gave them.
  void add_plain(const stdlib::Value& value);
  void add_binary(Oid type, std::string bytes);

  [[nodiscard]] int size() const { return static_cast<int>(values_.size()); }
  [[nodiscard]] const Oid* types() const { return types_.data(); }
  [[nodiscard]] const int* lengths() const { return lengths_.data(); }
  [[nodiscard]] const int* formats() const { return formats_.data(); }
  // Pointers into this object: valid until it changes.
  [[nodiscard]] std::vector<const char*> pointers() const;

 private:
  void push(Oid type, std::optional<std::string> value, int format);

  std::vector<std::optional<std::string>> values_;
  std::vector<Oid> types_;
  std::vector<int> lengths_, formats_;
};

}  // namespace backfill::database::postgres
