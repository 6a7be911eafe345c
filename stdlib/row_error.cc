// SPDX-License-Identifier: Apache-2.0
#include "stdlib/row_error.h"

namespace backfill::stdlib {

std::string_view text(RowError error) {
  switch (error) {
    case RowError::None:
      return "no error";
    case RowError::Overflow:
      return "overflow";
    case RowError::DivisionByZero:
      return "division by zero";
    case RowError::ConversionFailed:
      return "conversion failed";
    case RowError::TextTooLong:
      return "text too long";
    case RowError::NotInEnum:
      return "not in enum";
    case RowError::InvalidUtf8:
      return "invalid UTF-8";
    case RowError::OutOfDomain:
      return "argument out of domain";
    case RowError::Unreadable:
      return "unreadable value";
    case RowError::NotStorable:
      return "value not storable";
  }
  return "several errors";
}

}  // namespace backfill::stdlib
