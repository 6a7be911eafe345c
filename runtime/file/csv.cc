// SPDX-License-Identifier: Apache-2.0
#include "runtime/file/csv.h"

#include <fmt/format.h>

namespace backfill::file {

Csv::Got Csv::bad(std::string problem) {
  problem_ = std::move(problem);
  return Got::Bad;
}

// The next line in place of the last one, without what ends it.
Result<bool> Csv::take_line() {
  line_text_.clear();
  at_ = 0;
  return lines_.next(line_text_);
}

// Behind an opening quote: up to the closing one, over as many lines as it takes.
Result<Csv::Got> Csv::take_quoted() {
  const std::size_t begin = values_.size();
  const std::size_t number = places_.size() + 1;
  while (true) {
    const std::size_t quote = line_text_.find('"', at_);
    values_.append(line_text_, at_, quote == std::string::npos ? quote : quote - at_);
    if (values_.size() > kLongest) {
      lost_ = true;
      return bad(
          fmt::format("the quote that opens field {} is not closed within {} MiB", number, kLongest >> 20U));
    }
    if (quote == std::string::npos) {
      BACKFILL_ASSIGN(const bool more, take_line());
      if (more) continue;
      lost_ = true;
      return bad(fmt::format("the quote that opens field {} is never closed", number));
    }
    at_ = quote + 1;
    if (at_ == line_text_.size() || line_text_[at_] != '"') break;
    values_ += '"';
    ++at_;
  }
  places_.push_back({begin, values_.size() - begin, true});
  const std::string_view rest = std::string_view(line_text_).substr(at_);
  if (rest.empty() || rest[0] == ',' || rest == "\n" || rest == "\r\n") return Got::Record;
  return bad(fmt::format("something stands behind the closing quote of field {}", number));
}

Csv::Got Csv::take_plain() {
  const std::size_t number = places_.size() + 1;
  const std::size_t end = std::min(line_text_.find_first_of(",\"\r\n", at_), line_text_.size());
  places_.push_back({values_.size(), end - at_, false});
  values_.append(line_text_, at_, end - at_);
  at_ = end;
  const std::string_view rest = std::string_view(line_text_).substr(at_);
  if (rest.empty() || rest[0] == ',' || rest[0] == '\n' || rest == "\r\n") return Got::Record;
  return bad(rest[0] == '"' ? fmt::format("a quote stands inside of field {}, which none opens", number)
                            : fmt::format("field {} holds a carriage return", number));
}

Result<Csv::Got> Csv::next() {
  places_.clear();
  fields_.clear();
  values_.clear();
  if (lost_) return Got::End;
  BACKFILL_ASSIGN(const bool more, take_line());
  if (!more) return Got::End;
  line_ = lines_.line();
  if (line_text_.size() >= kLongest)
    return bad(fmt::format("the line is longer than {} MiB", kLongest >> 20U));
  while (true) {
    Got got = Got::Record;
    if (at_ < line_text_.size() && line_text_[at_] == '"') {
      ++at_;
      BACKFILL_ASSIGN(got, take_quoted());
    } else {
      got = take_plain();
    }
    if (got == Got::Bad) return got;
    if (at_ == line_text_.size() || line_text_[at_] != ',') break;
    ++at_;
  }
  for (const Place& place : places_)
    fields_.push_back({std::string_view(values_).substr(place.begin, place.size), place.quoted});
  return Got::Record;
}

}  // namespace backfill::file
