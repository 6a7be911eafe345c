// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/sample.h"

#include <fmt/format.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>

namespace backfill::execute {

using stdlib::ColumnBuffer;
using stdlib::Kind;
using stdlib::Physical;

namespace {

class Hasher {
 public:
  explicit Hasher(std::uint64_t seed) { number(seed); }

  void byte(std::uint8_t value) { hash_ = (hash_ ^ value) * 0x100000001b3ULL; }
  void number(std::uint64_t value) {
    for (int i = 0; i < 8; ++i) byte(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  void missing() { byte(0); }
  void boolean(bool value) {
    byte(1);
    byte(value ? 1 : 0);
  }
  void integer(std::int64_t value) {
    byte(2);
    number(static_cast<std::uint64_t>(value));
  }
  void real(double value) {
    byte(3);
    number(std::bit_cast<std::uint64_t>(value == 0 ? 0.0 : value));
  }
  void decimal(stdlib::Decimal value) {
    while (value.scale > 0 && value.unscaled % 10 == 0) {
      value.unscaled /= 10;
      --value.scale;
    }
    byte(4);
    const auto bits = static_cast<unsigned __int128>(value.unscaled);
    number(static_cast<std::uint64_t>(bits));
    number(static_cast<std::uint64_t>(bits >> 64));
    number(static_cast<std::uint64_t>(value.scale));
  }
  void text(std::string_view value) {
    byte(5);
    number(value.size());
    for (const char c : value) byte(static_cast<std::uint8_t>(c));
  }
  [[nodiscard]] std::uint64_t finish() const {
    std::uint64_t z = hash_ + 0x9e3779b97f4a7c15ULL;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
    return z ^ (z >> 31);
  }

 private:
  std::uint64_t hash_ = 0xcbf29ce484222325ULL;
};

void add(Hasher& hasher, const stdlib::Value& value) {
  const auto& v = value.variant();
  if (value.missing()) hasher.missing();
  if (const auto* flag = std::get_if<bool>(&v)) hasher.boolean(*flag);
  if (const auto* number = std::get_if<std::int64_t>(&v)) hasher.integer(*number);
  if (const auto* real = std::get_if<double>(&v)) hasher.real(*real);
  if (const auto* decimal = std::get_if<stdlib::Decimal>(&v)) hasher.decimal(*decimal);
  if (const auto* string = std::get_if<std::string>(&v)) hasher.text(*string);
}

// The usual keys without a Value in between.
void add(Hasher& hasher, const ColumnBuffer& column, std::int64_t row) {
  const Kind kind = column.type().kind;
  const Physical physical = stdlib::physical(column.type());
  if (!column.valid(row)) {
    hasher.missing();
  } else if (physical == Physical::Int64 && kind != Kind::Decimal) {
    hasher.integer(column.as<std::int64_t>()[row]);
  } else if (physical == Physical::Text) {
    const stdlib::Text& text = column.as<stdlib::Text>()[row];
    hasher.text({text.data, static_cast<std::size_t>(text.size)});
  } else {
    add(hasher, column.value(row));
  }
}

}  // namespace

std::uint64_t sample_hash(std::uint64_t seed, const database::Key& key) {
  Hasher hasher(seed);
  for (const stdlib::Value& value : key) add(hasher, value);
  return hasher.finish();
}

std::uint64_t sample_hash(std::uint64_t seed, const database::RowBatch& batch, std::int64_t row,
                          std::size_t key_columns) {
  Hasher hasher(seed);
  for (std::size_t i = 0; i < key_columns; ++i) add(hasher, batch.inputs[i], row);
  return hasher.finish();
}

Threshold threshold_of_fraction(double fraction) {
  constexpr std::uint64_t all = std::numeric_limits<std::uint64_t>::max();
  if (!(fraction > 0)) return {};
  if (fraction >= 1) return {all, false};
  return {static_cast<std::uint64_t>(std::ldexp(fraction, 64)), false};
}

std::string to_text(const Threshold& threshold) {
  return threshold.none ? std::string() : fmt::format("{:016x}", threshold.greatest);
}

Threshold threshold_of_text(const std::string& text) {
  Threshold threshold;
  if (text.empty()) return threshold;
  std::from_chars(text.data(), text.data() + text.size(), threshold.greatest, 16);
  threshold.none = false;
  return threshold;
}

}  // namespace backfill::execute
