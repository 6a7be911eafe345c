// SPDX-License-Identifier: Apache-2.0
// The lines of a file, one after the other, whatever its size; and the SHA-256 of all of it.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "compiler/source/result.h"
#include "stdlib/sha256.h"

namespace backfill::file {

// Of a line, and of a record of several lines: what is longer is no data, but a quote that nobody closed.
constexpr std::size_t kLongest = 16U << 20U;

class Lines {
 public:
  static Result<Lines> open(const std::string& path);

  // Appends the next line with its newline, if it has one; at most kLongest bytes of it are kept. False: the
  // file has ended. A byte order mark at the beginning is left out.
  Result<bool> next(std::string& to);
  [[nodiscard]] std::int64_t line() const { return line_; }  // of the one that came last, from 1
  // Of the whole file, once it has ended.
  [[nodiscard]] std::string sha256() { return digest_.hex(); }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  Lines(std::string path, std::FILE* file) : path_(std::move(path)), file_(file) {}
  Result<bool> fill();

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  stdlib::Sha256 digest_;
  std::string block_;
  std::size_t at_ = 0;
  std::int64_t line_ = 0;
};

}  // namespace backfill::file
