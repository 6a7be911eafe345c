// SPDX-License-Identifier: Apache-2.0
// Values between commas, as RFC 4180 has them: quotes, doubled quotes, newlines inside of quotes; lines end
// with LF or CRLF.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/file/lines.h"

namespace backfill::file {

struct CsvField {
  std::string_view text;
  bool quoted = false;
};

class Csv {
 public:
  explicit Csv(Lines& lines) : lines_(lines) {}

  enum class Got { Record, Bad, End };
  // Bad: `problem` says what is wrong with the record, which has no fields; the next one can be read, unless
  // `is_lost`.
  Result<Got> next();
  [[nodiscard]] const std::vector<CsvField>& fields() const { return fields_; }  // until the next one
  [[nodiscard]] std::int64_t line() const { return line_; }                      // in which the record begins
  [[nodiscard]] const std::string& problem() const { return problem_; }
  [[nodiscard]] bool is_lost() const { return lost_; }

 private:
  struct Place {
    std::size_t begin, size;
    bool quoted;
  };
  Result<bool> take_line();
  Result<Got> take_quoted();
  Got take_plain();
  Got bad(std::string problem);

  Lines& lines_;
  std::string line_text_, values_, problem_;
  std::size_t at_ = 0;
  std::int64_t line_ = 0;
  bool lost_ = false;
  std::vector<Place> places_;
  std::vector<CsvField> fields_;
};

}  // namespace backfill::file
