// SPDX-License-Identifier: Apache-2.0
// Arrays of PostgreSQL as lists of the language, in their canonical form (JSON): NULL inside is null. Arrays
// of several dimensions are unreadable, never flattened.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "runtime/database/postgres/libpq.h"
#include "stdlib/type.h"

namespace backfill::database::postgres {

// The type of an array's elements, as PostgreSQL's format_type spells the array ("text[]"). Nothing: its
// elements are not computed with (moments, numbers with a scale, enums, ...).
[[nodiscard]] std::optional<stdlib::Type> list_element(std::string_view spelled);
[[nodiscard]] Oid element_oid(std::string_view spelled);  // 0 likewise

// Of the array's binary form. O(bytes).
[[nodiscard]] std::optional<std::string> list_of_array(std::string_view bytes, const stdlib::Type& element);
// A field with the binary array, and one with its literal: {"a","b"}. False, and nothing is appended: an
// element is no value of the type.
[[nodiscard]] bool put_array(std::string& to, std::string_view list, Oid element);
[[nodiscard]] bool put_array_literal(std::string& to, std::string_view list);

}  // namespace backfill::database::postgres
