// SPDX-License-Identifier: Apache-2.0
#include "stdlib/list_walk.h"

#include <algorithm>
#include <bit>
#include <cstring>
#include <string_view>

#include "stdlib/json.h"
#include "stdlib/native.h"

namespace backfill::stdlib {
namespace {

constexpr std::int64_t kLeast = 64;

// How much was allocated for a text that `add` made.
std::int64_t capacity(std::int64_t size) {
  return static_cast<std::int64_t>(std::bit_ceil(static_cast<std::uint64_t>(std::max(size, kLeast))));
}

Text element(Context&, Text rest) {
  const std::string_view text(rest.data, static_cast<std::size_t>(rest.size));
  const std::string_view value = json::first_value(text.substr(1));
  return {value.data(), static_cast<std::int64_t>(value.size())};
}

Text after(Context& context, Text rest) {
  const Text value = element(context, rest);
  const char* end = value.data + value.size;
  return {end, rest.data + rest.size - end};
}

Text add(Context& context, Text made, Text value) {
  const std::int64_t size = made.size + 1 + value.size;
  if (size > static_cast<std::int64_t>(json::kMostBytes)) return fail(context, RowError::Overflow);
  char* to = const_cast<char*>(made.data);
  if (made.size == 0 || size > capacity(made.size)) {
    to = context.arena->allocate(static_cast<std::size_t>(capacity(size)));
    std::memcpy(to, made.data, static_cast<std::size_t>(made.size));
  }
  to[made.size] = made.size == 0 ? '[' : ',';
  std::memcpy(to + made.size + 1, value.data, static_cast<std::size_t>(value.size));
  return {to, size};
}

Text closed(Context& context, Text made) {
  if (made.size == 0) return {"[]\0                                ", 2};  // readable behind its end
  char* to = context.arena->allocate(static_cast<std::size_t>(made.size) + 1);
  std::memcpy(to, made.data, static_cast<std::size_t>(made.size));
  to[made.size] = ']';
  return {to, made.size + 1};
}

template <auto body>
Function described(std::string_view symbol, std::vector<RowError> errors = {}) {
  Function function;
  function.name = symbol;
  Body made = native<body>(symbol);
  for (std::size_t k = 0; k < made.native.parameters.size(); ++k)
    function.parameters.push_back({"text", make(Kind::Json)});
  function.native = std::move(made.native);
  function.evaluate = made.evaluate;
  function.errors = std::move(errors);
  return function;
}

}  // namespace

const ListWalk& list_walk() {
  static const auto* walk = new ListWalk{
      described<&element>("bf_walk_element"), described<&after>("bf_walk_after"),
      described<&add>("bf_walk_add", {RowError::Overflow}), described<&closed>("bf_walk_closed")};
  return *walk;
}

}  // namespace backfill::stdlib
