// SPDX-License-Identifier: Apache-2.0
// A source file as rows of its table, in pieces: memory does not grow with the file.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/source/result.h"
#include "runtime/database/store.h"

namespace backfill::file {

// What a file must not hold; said with all that there is, or the first of it.
struct BadLine {
  std::int64_t line = 0;
  std::string what;  // "`slug` is missing, and is not declared text?"
};
constexpr std::size_t kMostBad = 20;

class Reader {
 public:
  virtual ~Reader() = default;

  // By the ending of its name. Reads the header where it has one. `source` must outlive it. A file that
  // cannot be read, or whose header lacks a field, is the user's mistake.
  static Result<std::unique_ptr<Reader>> open(const ir::SourceFile& source);

  // Replaces the batch with the next rows; those of bad lines are left out. False: there are no more, or
  // kMostBad lines were bad. Quick: about a microsecond per value.
  virtual Result<bool> next(database::SourceBatch& batch) = 0;
  [[nodiscard]] virtual const std::vector<BadLine>& bad() const = 0;
  // Of the whole file, 64 hexadecimal digits; once `next` has said that there are no more.
  [[nodiscard]] virtual std::string sha256() = 0;
};

// Of the whole file.
Result<std::string> sha256_of(const std::string& path);
// What the header lacks of what the source names, one sentence each; a file that is not there lacks nothing.
std::vector<std::string> lacks(const ir::SourceFile& source);

}  // namespace backfill::file
