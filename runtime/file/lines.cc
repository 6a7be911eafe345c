// SPDX-License-Identifier: Apache-2.0
#include "runtime/file/lines.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>

namespace backfill::file {

namespace {

constexpr std::size_t kBlock = 1U << 20U;
constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";

}  // namespace

Result<Lines> Lines::open(const std::string& path) {
  std::error_code error;
  std::FILE* const file =
      std::filesystem::is_directory(path, error) ? nullptr : std::fopen(path.c_str(), "rb");
  if (file != nullptr) return Lines(path, file);
  Failure failure = fatal(fmt::format("cannot read {}: {}", path, std::strerror(errno == 0 ? EISDIR : errno)),
                          "the path of a source is relative to the spec");
  failure.mistake = true;
  return failure;
}

Result<bool> Lines::fill() {
  const bool first = block_.empty() && line_ == 0;
  block_.resize(kBlock);
  const std::size_t size = std::fread(block_.data(), 1, kBlock, file_.get());
  if (std::ferror(file_.get()) != 0) return fatal(fmt::format("cannot read {} further", path_));
  block_.resize(size);
  digest_.add(block_);
  at_ = first && block_.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  return size > 0;
}

Result<bool> Lines::next(std::string& to) {
  bool any = false;
  while (true) {
    if (at_ == block_.size()) {
      BACKFILL_ASSIGN(const bool more, fill());
      if (!more) {
        line_ += any ? 1 : 0;
        return any;
      }
      continue;
    }
    any = true;
    const std::size_t newline = block_.find('\n', at_);
    const std::size_t end = newline == std::string::npos ? block_.size() : newline + 1;
    const std::size_t room = to.size() < kLongest ? kLongest - to.size() : 0;
    to.append(block_, at_, std::min(end - at_, room));
    at_ = end;
    if (newline == std::string::npos) continue;
    ++line_;
    return true;
  }
}

}  // namespace backfill::file
