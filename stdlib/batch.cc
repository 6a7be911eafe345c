// SPDX-License-Identifier: Apache-2.0
#include "stdlib/batch.h"

#include <algorithm>
#include <cstdlib>

#include "stdlib/bug.h"
#include "stdlib/decimal.h"

namespace backfill::stdlib {
namespace {

constexpr std::size_t kBlock = 256 * 1024;

std::size_t padded(std::int64_t rows) {
  const std::int64_t with_one_more_vector = rows + kBatchPadding;
  return static_cast<std::size_t>((with_one_more_vector + kBatchPadding - 1) / kBatchPadding * kBatchPadding);
}

void* allocate_zeroed(std::size_t bytes) {
  void* memory = std::aligned_alloc(kAlignment, (bytes + kAlignment - 1) / kAlignment * kAlignment);
  BACKFILL_CHECK(memory != nullptr, "out of memory");
  std::memset(memory, 0, bytes);
  return memory;
}

template <typename T>
T read(const void* values, std::int64_t row) {
  T value;
  std::memcpy(&value, static_cast<const T*>(values) + row, sizeof(T));
  return value;
}

template <typename T>
void write(void* values, std::int64_t row, T value) {
  std::memcpy(static_cast<T*>(values) + row, &value, sizeof(T));
}

// The unscaled value at the column's scale; the caller has converted to the type.
Int128 unscaled_for(const Value& value, const Type& type) {
  const auto unscaled = rescale(value.decimal().unscaled, value.decimal().scale, type.scale);
  BACKFILL_CHECK(unscaled && fits(*unscaled, type.precision), "decimal does not fit its column");
  return *unscaled;
}

}  // namespace

void Arena::enter(std::size_t block) {
  block_ = block;
  next_ = blocks_[block].data.get();
  end_ = next_ + blocks_[block].size;
}

void Arena::grow(std::size_t needed) {
  for (std::size_t next = next_ == nullptr ? 0 : block_ + 1; next < blocks_.size(); ++next) {
    if (blocks_[next].size >= needed) return enter(next);
  }
  const std::size_t bytes = std::max(kBlock, needed);
  blocks_.push_back({std::make_unique<char[]>(bytes), bytes});
  enter(blocks_.size() - 1);
}

Text Arena::copy(std::string_view text) {
  char* data = allocate(text.size());
  std::copy(text.begin(), text.end(), data);
  return {data, static_cast<std::int64_t>(text.size())};
}

void Arena::reset() {
  used_ = 0;
  if (!blocks_.empty()) enter(0);
}

void ColumnBuffer::Free::operator()(void* pointer) const {
  std::free(pointer);
}

ColumnBuffer::ColumnBuffer(const Type& type) : type_(type), physical_(physical(type)) {
  reserve(0);
}

void ColumnBuffer::reserve(std::int64_t rows) {
  const std::size_t slots = padded(rows);
  if (rows > capacity_ || !values_) {
    values_.reset(allocate_zeroed(slots * width(physical_)));
    valid_.reset(static_cast<std::uint8_t*>(allocate_zeroed(slots)));
    capacity_ = rows;
  }
  std::memset(values_.get(), 0, slots * width(physical_));
  std::memset(valid_.get(), 0, slots);
  if (physical_ == Physical::Text) std::fill_n(as<Text>(), slots, Text{"", 0});
}

void ColumnBuffer::set_missing(std::int64_t row) {
  valid_.get()[row] = 0;
  if (physical_ == Physical::Text) {
    as<Text>()[row] = {"", 0};
  } else {
    std::memset(as<char>() + static_cast<std::size_t>(row) * width(physical_), 0, width(physical_));
  }
}

Value ColumnBuffer::value(std::int64_t row) const {
  if (!valid(row)) return {};
  const void* values = values_.get();
  const bool exact = type_.kind == Kind::Decimal;
  switch (physical_) {
    case Physical::Bool:
      return read<std::uint8_t>(values, row) != 0;
    case Physical::Int16:
      return std::int64_t{read<std::int16_t>(values, row)};
    case Physical::Int32:
      return std::int64_t{read<std::int32_t>(values, row)};
    case Physical::Int64:
      if (exact) return Decimal{read<std::int64_t>(values, row), type_.scale};
      return read<std::int64_t>(values, row);
    case Physical::Int128:
      return Decimal{read<Int128>(values, row), type_.scale};
    case Physical::Float32:
      return static_cast<double>(read<float>(values, row));
    case Physical::Float64:
      return read<double>(values, row);
    case Physical::Text:
      break;
  }
  const Text text = read<Text>(values, row);
  return std::string(text.data, static_cast<std::size_t>(text.size));
}

void ColumnBuffer::set(std::int64_t row, const Value& value, Arena& arena) {
  if (value.missing()) return set_missing(row);
  valid_.get()[row] = 1;
  void* values = values_.get();
  const bool exact = type_.kind == Kind::Decimal;
  switch (physical_) {
    case Physical::Bool:
      return write<std::uint8_t>(values, row, value.boolean() ? 1 : 0);
    case Physical::Int16:
      return write(values, row, static_cast<std::int16_t>(value.integer()));
    case Physical::Int32:
      return write(values, row, static_cast<std::int32_t>(value.integer()));
    case Physical::Int64:
      return write(values, row,
                   exact ? static_cast<std::int64_t>(unscaled_for(value, type_)) : value.integer());
    case Physical::Int128:
      return write(values, row, unscaled_for(value, type_));
    case Physical::Float32:
      return write(values, row, static_cast<float>(value.number()));
    case Physical::Float64:
      return write(values, row, value.number());
    case Physical::Text:
      return write(values, row, arena.copy(value.text()));
  }
}

}  // namespace backfill::stdlib
