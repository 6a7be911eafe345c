// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_list.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "stdlib/decimal.h"
#include "stdlib/json.h"

namespace backfill::stdlib::native_list {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
Text part(std::string_view text) {
  return {text.data(), static_cast<std::int64_t>(text.size())};
}
Text kept(Context& context, const std::string& made) {
  if (made.size() > json::kMostBytes) return fail(context, RowError::Overflow);
  return context.arena->copy(made);
}

std::vector<std::string_view> elements_of(Text list) {
  std::vector<std::string_view> elements;
  json::each_element(view(list), [&](std::string_view element) {
    elements.push_back(element);
    return true;
  });
  return elements;
}

template <typename Elements>
Text written(Context& context, const Elements& elements) {
  std::string result = "[";
  for (const auto& element : elements) {
    if (result.size() > 1) result += ',';
    result += element;
  }
  return kept(context, result + ']');
}

std::vector<std::string_view> present_in(Text list) {
  std::vector<std::string_view> elements = elements_of(list);
  std::erase(elements, "null");
  return elements;
}

bool less(std::string_view left, std::string_view right) {
  return json::order(left, right) < 0;
}

}  // namespace

std::int32_t length(Context&, Text list) {
  return static_cast<std::int32_t>(json::count(view(list)));
}

bool contains(Context&, Text list, Text element) {
  bool found = false;
  json::each_element(view(list), [&](std::string_view each) {
    found = json::same(each, view(element));
    return !found;
  });
  return found;
}

Text concat(Context& context, Text left, Text right) {
  std::vector<std::string_view> elements = elements_of(left);
  for (const std::string_view element : elements_of(right)) elements.push_back(element);
  return written(context, elements);
}

Text distinct(Context& context, Text list) {
  std::unordered_set<std::string> seen;
  std::vector<std::string_view> kept_ones;
  for (const std::string_view element : elements_of(list)) {
    if (seen.insert(json::normal(element)).second) kept_ones.push_back(element);
  }
  return written(context, kept_ones);
}

Text sorted(Context& context, Text list) {
  std::vector<std::string_view> elements = elements_of(list);
  std::ranges::stable_sort(elements, less);
  return written(context, elements);
}

Text slice(Context& context, Text list, std::int32_t from, std::int32_t count) {
  if (from < 0 || count < 0) return fail(context, RowError::OutOfDomain);
  std::vector<std::string_view> elements = elements_of(list);
  const std::size_t begin = std::min(static_cast<std::size_t>(from), elements.size());
  const std::size_t size = std::min(static_cast<std::size_t>(count), elements.size() - begin);
  return written(context, std::span(elements).subspan(begin, size));
}

Text to_string(Context& context, Text list, Text separator) {
  std::string result;
  bool first_one = true;
  for (const std::string_view element : present_in(list)) {
    if (!first_one) result += view(separator);
    first_one = false;
    if (json::type_of(element) != json::Type::String) {
      result += element;
      continue;
    }
    const auto text = json::unquoted(element);
    if (!text) return fail(context, RowError::ConversionFailed);
    result += *text;
  }
  return kept(context, result);
}

// As PostgreSQL: nothing for an empty text, the whole text where the separator is empty.
Text from_string(Context& context, Text text, Text separator) {
  std::vector<std::string> elements;
  std::string_view rest = view(text);
  const std::string_view mark = view(separator);
  while (!rest.empty() || !elements.empty()) {
    const std::size_t at = mark.empty() ? std::string_view::npos : rest.find(mark);
    elements.push_back(json::quoted(rest.substr(0, at)));
    if (at == std::string_view::npos) break;
    rest.remove_prefix(at + mark.size());
  }
  return written(context, elements);
}

Text first(Context& context, Text list) {
  const auto found = json::element(view(list), 0);
  return found ? part(*found) : static_cast<Text>(absent(context));
}

Text last(Context& context, Text list) {
  const auto found = json::element(view(list), -1);
  return found ? part(*found) : static_cast<Text>(absent(context));
}

Text least(Context& context, Text list) {
  const auto elements = present_in(list);
  return elements.empty() ? static_cast<Text>(absent(context))
                          : part(*std::ranges::min_element(elements, less));
}

Text greatest(Context& context, Text list) {
  const auto elements = present_in(list);
  return elements.empty() ? static_cast<Text>(absent(context))
                          : part(*std::ranges::max_element(elements, less));
}

Text sum(Context& context, Text list) {
  Decimal total{0, 0};
  for (const std::string_view element : present_in(list)) {
    const auto number = parse_decimal(element);
    if (!number) return fail(context, RowError::Overflow);
    const int scale = std::max(total.scale, number->scale);
    const auto left = rescale(total.unscaled, total.scale, scale);
    const auto right = rescale(number->unscaled, number->scale, scale);
    Int128 result = 0;
    const bool fits_in = left && right && !__builtin_add_overflow(*left, *right, &result);
    if (!fits_in || !fits(result, kMaxDigits)) return fail(context, RowError::Overflow);
    total = {result, scale};
  }
  return context.arena->copy(stdlib::to_string(total));
}

}  // namespace backfill::stdlib::native_list
