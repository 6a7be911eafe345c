// SPDX-License-Identifier: Apache-2.0
#include "stdlib/date_format.h"

#include <algorithm>

namespace backfill::stdlib {
namespace {

struct Word {
  std::string_view text;
  DateField field;
  int width;
};
constexpr Word kWords[] = {{"YYYY", DateField::Year, 4}, {"MM", DateField::Month, 2},
                           {"DD", DateField::Day, 2},    {"HH24", DateField::Hour, 2},
                           {"MI", DateField::Minute, 2}, {"SS", DateField::Second, 2}};
constexpr std::string_view kSeparators = "-/.:,_ ";

}  // namespace

std::optional<std::vector<DateFormatPart>> parse_date_format(std::string_view format) {
  std::vector<DateFormatPart> parts;
  while (!format.empty()) {
    const auto* word = std::find_if(std::begin(kWords), std::end(kWords),
                                    [&](const Word& each) { return format.starts_with(each.text); });
    if (word == std::end(kWords)) {
      if (kSeparators.find(format[0]) == std::string_view::npos) return std::nullopt;
      parts.push_back({DateField::Separator, format[0], 1});
      format.remove_prefix(1);
      continue;
    }
    for (const DateFormatPart& part : parts)
      if (part.field == word->field) return std::nullopt;
    parts.push_back({word->field, '\0', word->width});
    format.remove_prefix(word->text.size());
  }
  if (parts.empty()) return std::nullopt;
  return parts;
}

}  // namespace backfill::stdlib
