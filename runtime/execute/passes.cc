// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/passes.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "runtime/execute/sample.h"

namespace backfill::execute {

namespace {

// Another seed than samples have by default: which pass takes a row has nothing to do with which stage does.
constexpr std::uint64_t kSeed = 0x7061737365730000;

}  // namespace

std::string pass_text(std::uint64_t from) {
  return fmt::format("{:016x}", from);
}

std::uint64_t pass_of_text(const std::string& text) {
  std::uint64_t from = 0;
  std::from_chars(text.data(), text.data() + text.size(), from, 16);
  return from;
}

void Passes::load(const database::RowBatch& window, std::size_t key_columns) {
  hashes_.resize(static_cast<std::size_t>(window.rows));
  for (std::int64_t row = 0; row < window.rows; ++row)
    hashes_[static_cast<std::size_t>(row)] = sample_hash(kSeed, window, row, key_columns);
}

Pass Passes::next(std::uint64_t from, std::int64_t rows) const {
  const Pass rest{from, UINT64_MAX};
  const auto left = static_cast<double>(this->rows(rest));
  const auto wanted = static_cast<double>(std::max<std::int64_t>(1, rows));
  if (left <= wanted * 1.5) return rest;
  const double width = static_cast<double>(UINT64_MAX - from) * (wanted / left);
  return {from, from + static_cast<std::uint64_t>(width)};
}

std::int64_t Passes::rows(const Pass& pass) const {
  return std::ranges::count_if(hashes_, [&](std::uint64_t hash) { return pass.takes(hash); });
}

}  // namespace backfill::execute
