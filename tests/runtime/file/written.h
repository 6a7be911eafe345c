// SPDX-License-Identifier: Apache-2.0
// A file of a test, and what the reader makes of it.
#pragma once

#include <catch2/catch.hpp>

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "runtime/file/reader.h"

namespace backfill::file_test {

// Gone with the test.
class Written {
 public:
  Written(const std::string& name, const std::string& text)
      : folder_(std::filesystem::temp_directory_path() /
                ("backfill_file_" + std::to_string(getpid()) + "_" + std::to_string(++count_))) {
    std::filesystem::create_directories(folder_);
    write(name, text);
  }
  ~Written() { std::filesystem::remove_all(folder_); }
  Written(const Written&) = delete;
  Written& operator=(const Written&) = delete;

  void write(const std::string& name, const std::string& text) {
    path_ = (folder_ / name).string();
    std::ofstream(path_, std::ios::binary) << text;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  static inline int count_ = 0;
  std::filesystem::path folder_;
  std::string path_;
};

inline ir::SourceFile source_at(const std::string& path,
                                const std::vector<std::pair<std::string, stdlib::Type>>& fields) {
  ir::SourceFile source{.path = path, .file = path};
  source.table.name = "legacy";
  source.table.exact_names = true;
  for (const auto& [name, type] : fields)
    source.table.columns.push_back({.name = name, .type = type, .not_null = !type.optional});
  return source;
}

// "2: 'a', missing" for each row with its line; then "4! what is wrong"; a failure stands alone.
inline std::string read_all(const ir::SourceFile& source) {
  auto reader = file::Reader::open(source);
  if (!reader) return reader.failure().message;
  CHECK_FALSE(source.file.empty());
  std::string text;
  database::SourceBatch batch;
  while (true) {
    const auto more = (*reader)->next(batch);
    if (!more) return more.failure().message;
    if (!*more) break;
    for (std::int64_t row = 0; row < batch.rows; ++row) {
      text += std::to_string(batch.lines[static_cast<std::size_t>(row)]) + ":";
      for (const stdlib::ColumnBuffer& column : batch.columns)
        text += " " + stdlib::literal(column.value(row), column.type());
      text += "\n";
    }
  }
  for (const file::BadLine& bad : (*reader)->bad()) text += std::to_string(bad.line) + "! " + bad.what + "\n";
  return text;
}

}  // namespace backfill::file_test
