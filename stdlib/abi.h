// SPDX-License-Identifier: Apache-2.0
// What native code and the C++ around it share: columns in, columns out, a context. Plain data only.
//
// A kernel is `uint32_t kernel(const Column* in, OutColumn* out, int64_t rows, Context* context)`. It is pure
// (it may run again), never throws, and returns the RowErrors it met, OR-ed. A row whose error the kernel
// flags is decided by the reference evaluator, which names it. Buffers are 64-byte aligned and padded to a
// multiple of 64 rows, so that a vector may be read past the last row; the slots of missing values are zero.
#pragma once

#include <cstddef>
#include <cstdint>

namespace backfill::stdlib {

// Text and Bytes. Not NUL-terminated; `data` may be read 32 bytes past the end; {"" , 0} where missing.
struct Text {
  const char* data;
  std::int64_t size;
};

struct Column {
  const void* values;         // by Physical: uint8_t 0/1, int16..int64, __int128, float, double, Text
  const std::uint8_t* valid;  // one byte per row: 1 present, 0 missing; never null
};

struct OutColumn {
  void* values;
  std::uint8_t* valid;
};

class Arena;

// In Context::errors, by bodies under NullRule::Finds alone: no error, the answer is missing.
constexpr std::uint32_t kAbsent = 1U << 31;

struct Context {
  std::uint32_t errors = 0;  // RowError bits that natives raise; the kernel ORs it into its result
  std::int64_t now = 0;      // the run's moment, microseconds since 1970-01-01 UTC
  Arena* arena = nullptr;    // where natives put new text; lives as long as the batch
};

constexpr std::int64_t kBatchPadding = 64;
constexpr std::size_t kAlignment = 64;
constexpr std::size_t kTextSlack = 32;  // readable bytes behind every text

}  // namespace backfill::stdlib
