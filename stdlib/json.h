// SPDX-License-Identifier: Apache-2.0
// JSON values as canonical text: no blanks, an object's members in the order of their keys' bytes, the last
// of duplicate keys, numbers as plain digits that keep their zeros (1e2 is 100, 1.50 stays 1.50, -0 is 0),
// every character that needs no escape as itself. What a text cannot hold, \u0000 and lone surrogates, stays
// escaped. Lists of the language have the same form. Numbers are never doubles here.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace backfill::stdlib::json {

constexpr int kMostDepth = 500;                 // of objects and arrays in each other
constexpr std::size_t kMostBytes = 16U << 20U;  // of a document, as read and as canonical text
constexpr std::size_t kMostDigits = 1000;       // of one number, written out

enum class Type : unsigned char { Null, Boolean, Number, String, Array, Object };

// The canonical form of valid UTF-8; nothing where it is no JSON or beyond the limits. O(n), times the depth
// where members are out of order.
[[nodiscard]] std::optional<std::string> canonical(std::string_view text);

// All of the following take canonical texts, and give slices of them where they can.
[[nodiscard]] Type type_of(std::string_view value);
[[nodiscard]] std::string_view name(Type type);  // object, array, string, number, boolean, null
// Same members whatever their order, same elements, numbers of the same value (1.50 and 1.5).
[[nodiscard]] bool same(std::string_view left, std::string_view right);
// The same number without what does not change it: 1.5 for 1.50. Equal texts where `same`.
[[nodiscard]] std::string normal(std::string_view value);
// Numbers by value, texts by bytes, false before true, null last, other types by their type. Negative: first.
[[nodiscard]] int order(std::string_view left, std::string_view right);

// "..." of a text.
[[nodiscard]] std::string quoted(std::string_view text);
// The text of a string; nothing where a text cannot hold it (\u0000, a lone surrogate).
[[nodiscard]] std::optional<std::string> unquoted(std::string_view string);

// The value that `text` begins with.
[[nodiscard]] std::string_view first_value(std::string_view text);
// False from `each` stops.
void each_element(std::string_view array, const std::function<bool(std::string_view)>& each);
// The key comes quoted.
void each_member(std::string_view object,
                 const std::function<bool(std::string_view key, std::string_view value)>& each);
[[nodiscard]] std::optional<std::string_view> member(std::string_view object, std::string_view quoted_key);
// From 0; negative ones from the end. Nothing beyond, and where it is no array.
[[nodiscard]] std::optional<std::string_view> element(std::string_view array, long long position);
[[nodiscard]] std::size_t count(std::string_view value);  // of elements or members; 0 for others

}  // namespace backfill::stdlib::json
