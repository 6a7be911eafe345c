// SPDX-License-Identifier: Apache-2.0
// What SQL lowering asks of a dialect; runtime/database/<db>/dialect.cc answers, so that golden SQL needs no
// server.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "compiler/schema/catalog.h"
#include "stdlib/function.h"
#include "stdlib/value.h"

namespace backfill::lower_sql {

class Dialect {
 public:
  virtual ~Dialect() = default;
  [[nodiscard]] virtual stdlib::Dialect id() const = 0;
  [[nodiscard]] virtual std::string_view name() const = 0;  // "sqlite"
  // The one place where an identifier is quoted.
  [[nodiscard]] virtual std::string quote(std::string_view identifier) const = 0;
  // How a statement names a user's table, with its schema where it has one.
  [[nodiscard]] std::string table(const schema::Table& table) const {
    return table.schema.empty() ? quote(table.name) : quote(table.schema) + "." + quote(table.name);
  }
  // How a statement names a table of the bookkeeping in full, or a temporary one.
  [[nodiscard]] virtual std::string own_table(std::string_view name, bool temporary) const {
    static_cast<void>(temporary);
    return quote(name);
  }
  // Can a subquery without a table name values that depend on the row outside: (SELECT v.v0 + v.v0 FROM
  // (SELECT t.a AS v0 OFFSET 0) AS v)?
  [[nodiscard]] virtual bool names_values() const { return false; }
  // Is a decimal its number alone, whatever the scale that it is written with? Then one is no other at a
  // greater scale.
  [[nodiscard]] virtual bool exact_decimals() const { return false; }
  // A literal of the type in the form in which `read` gives stored ones. Empty: it has none that is exact. Of
  // a missing value: NULL, with its type where the dialect asks for one.
  [[nodiscard]] virtual std::string literal(const stdlib::Value& value, const stdlib::Type& type) const = 0;
  // SQL that gives a stored column's value in the form that expressions compute with (timestamps normalised,
  // ...). Empty: the type has no such form here; what uses it is verified by the evaluator.
  [[nodiscard]] virtual std::string read(std::string_view column_sql, const schema::Column& column) const = 0;
  // A condition: what is stored is no value of the column's type that the language has. Empty: that cannot
  // be.
  [[nodiscard]] virtual std::string unreadable(std::string_view, const schema::Column&) const { return {}; }
  // Does a column hold values of any type, whatever it says? Then `unreadable` ones are missing where queries
  // compare or compute with them.
  [[nodiscard]] virtual bool stores_anything() const { return false; }
  // Can a subquery of FROM name what stands before it (LATERAL)?
  [[nodiscard]] virtual bool lateral() const { return false; }
  // An ORDER BY item: text by bytes, missing last.
  [[nodiscard]] virtual std::string ordered(std::string_view value, const stdlib::Type& type,
                                            bool descending) const = 0;
  // sum, min, max of a value in the form of `read`; of a sum: 0 of nothing, NULL where it does not fit its
  // type.
  enum class Aggregate : std::uint8_t { Sum, Min, Max };
  // `over`: behind each aggregate, the window that it is of.
  [[nodiscard]] virtual std::string aggregate(Aggregate aggregate, std::string_view value,
                                              const stdlib::Type& type, std::string_view over = {}) const = 0;
  // The JSON values `value` of rows that are numbered by `place`, without those that are missing, as one
  // list; of none the empty one. Empty: there is no form.
  [[nodiscard]] virtual std::string list(std::string_view /*value*/, std::string_view /*place*/) const {
    return {};
  }
  // The document that a text holds, in a query, where what fails is missing: NULL where it is none, or one
  // that the database's own documents do not hold. `text` is named once and used many times. Empty: there is
  // no form.
  [[nodiscard]] virtual std::string document(std::string_view /*text*/) const { return {}; }
  // Are the two distinct, missing being equal to missing (a boolean that is never NULL)?
  [[nodiscard]] virtual std::string distinct(std::string_view left, std::string_view right) const = 0;
  // The list of `value` for each element of `list` for which `condition` holds, in order; both read the
  // element as alias.v. Missing where the list is. Empty: there is none, nor of the next two.
  [[nodiscard]] virtual std::string each(std::string_view list, std::string_view alias,
                                         std::string_view value, std::string_view condition) const {
    static_cast<void>(list), static_cast<void>(alias), static_cast<void>(value), static_cast<void>(condition);
    return {};
  }
  // A query of the positions in a list, from 0, called `position`; none where it is missing.
  [[nodiscard]] virtual std::string positions(std::string_view list) const {
    static_cast<void>(list);
    return {};
  }
  [[nodiscard]] virtual std::string element(std::string_view list, std::string_view position) const {
    static_cast<void>(list), static_cast<void>(position);
    return {};
  }
  // The database's own clock as a timestamp, in the form of `read`.
  [[nodiscard]] virtual std::string now() const = 0;
  // The n-th bound value of a statement, from 1.
  [[nodiscard]] virtual std::string placeholder(int n) const = 0;
};

}  // namespace backfill::lower_sql
