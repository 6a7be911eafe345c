// SPDX-License-Identifier: Apache-2.0
// Why one row could not be computed. The row is quarantined; its batch goes on.
#pragma once

#include <cstdint>
#include <string_view>

namespace backfill::stdlib {

// Bits, so that a kernel can collect them in one sticky word.
enum class RowError : std::uint32_t {
  None = 0,
  Overflow = 1U << 0,  // the result does not fit its type
  DivisionByZero = 1U << 1,
  ConversionFailed = 1U << 2,  // `as`: the text is not of that form
  TextTooLong = 1U << 3,       // longer than varchar(n)
  NotInEnum = 1U << 4,
  InvalidUtf8 = 1U << 5,  // a text from the database
  OutOfDomain = 1U << 6,  // an argument outside what the function takes (negative length, ...)
  Unreadable = 1U << 7,   // the stored value is not of the column's type
  NotStorable = 1U << 8,  // the value cannot be stored in the column as it is
};

[[nodiscard]] std::string_view text(RowError error);  // "overflow", "division by zero", ...

}  // namespace backfill::stdlib
