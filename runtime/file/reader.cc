// SPDX-License-Identifier: Apache-2.0
#include "runtime/file/reader.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <filesystem>
#include <optional>

#include "runtime/file/csv.h"
#include "runtime/file/value.h"
#include "stdlib/json.h"
#include "stdlib/utf8.h"

namespace backfill::file {

using database::SourceBatch;
namespace json = stdlib::json;

namespace {

constexpr std::int64_t kRows = 4096;
constexpr std::size_t kBytes = 8U << 20U;

// What both forms share: rows are put together, bad lines remembered.
class Rows : public Reader {
 public:
  Rows(const ir::SourceFile& source, Lines lines) : source_(source), lines_(std::move(lines)) {
    for (const schema::Column& column : source.table.columns) fields_.emplace_back(column);
  }

  Result<bool> next(SourceBatch& batch) final;
  [[nodiscard]] const std::vector<BadLine>& bad() const final { return bad_; }
  [[nodiscard]] std::string sha256() final { return lines_.sha256(); }

 protected:
  // Takes what stands next: rows are added to the batch, or it is bad. False: the end.
  virtual Result<bool> take(SourceBatch& batch) = 0;

  void refuse(std::int64_t line, std::string what) {
    if (bad_.size() < kMostBad) bad_.push_back({line, std::move(what)});
  }
  // `put` fills the column and says what is wrong.
  template <typename Put>
  void add_row(SourceBatch& batch, std::int64_t line, const Put& put) {
    bool fits = true;
    for (std::size_t i = 0; i < fields_.size(); ++i) {
      std::string wrong = put(i, batch.columns[i], batch.rows);
      if (wrong.empty()) continue;
      refuse(line, std::move(wrong));
      fits = false;
    }
    if (!fits) return;
    batch.lines.push_back(line);
    ++batch.rows;
  }

  const ir::SourceFile& source_;
  Lines lines_;
  std::vector<Field> fields_;

 private:
  std::vector<BadLine> bad_;
};

Result<bool> Rows::next(SourceBatch& batch) {
  if (batch.columns.empty())
    for (const schema::Column& column : source_.table.columns) batch.columns.emplace_back(column.type);
  for (stdlib::ColumnBuffer& column : batch.columns) column.reserve(kRows);
  batch.rows = 0;
  batch.lines.clear();
  batch.arena.reset();
  while (batch.rows < kRows && batch.arena.used() < kBytes && bad_.size() < kMostBad) {
    BACKFILL_ASSIGN(const bool more, take(batch));
    if (!more) break;
  }
  return batch.rows > 0;
}

class CsvRows final : public Rows {
 public:
  CsvRows(const ir::SourceFile& source, Lines lines) : Rows(source, std::move(lines)), csv_(lines_) {}

  // What it lacks, each in a sentence.
  Result<std::vector<std::string>> read_header();

 private:
  Result<bool> take(SourceBatch& batch) override;

  Csv csv_;
  std::size_t width_ = 0;
  std::vector<std::size_t> places_;  // of each of our fields
};

Result<std::vector<std::string>> CsvRows::read_header() {
  std::vector<std::string> problems, names;
  BACKFILL_ASSIGN(const Csv::Got got, csv_.next());
  if (got == Csv::Got::End) return std::vector<std::string>{"it is empty: its first line names the fields"};
  if (got == Csv::Got::Bad) return std::vector<std::string>{"its header: " + csv_.problem()};
  for (const CsvField& field : csv_.fields()) {
    if (!stdlib::utf8::valid(field.text)) return std::vector<std::string>{"its header is not UTF-8"};
    names.emplace_back(field.text);
  }
  width_ = names.size();
  for (const Field& field : fields_) {
    const auto found = std::ranges::find(names, field.name());
    const auto count = std::ranges::count(names, field.name());
    places_.push_back(static_cast<std::size_t>(found - names.begin()));
    if (count == 0)
      problems.push_back(
          fmt::format("it has no field `{}`; its header names {}", field.name(), fmt::join(names, ", ")));
    if (count > 1) problems.push_back(fmt::format("its header names `{}` {} times", field.name(), count));
  }
  return problems;
}

Result<bool> CsvRows::take(SourceBatch& batch) {
  BACKFILL_ASSIGN(const Csv::Got got, csv_.next());
  if (got == Csv::Got::End) return false;
  const std::int64_t line = csv_.line();
  const std::vector<CsvField>& found = csv_.fields();
  if (got == Csv::Got::Bad) {
    refuse(line, csv_.problem());
  } else if (found.size() == 1 && width_ > 1 && found[0].text.empty()) {
    // A blank line.
  } else if (found.size() != width_) {
    refuse(line, fmt::format("it has {} field{}, the header {}", found.size(), found.size() == 1 ? "" : "s",
                             width_));
  } else {
    add_row(batch, line, [&](std::size_t i, stdlib::ColumnBuffer& column, std::int64_t row) {
      const CsvField& field = found[places_[i]];
      if (!stdlib::utf8::valid(field.text)) return fmt::format("`{}` is not UTF-8", fields_[i].name());
      if (field.text.empty() && !field.quoted) return fields_[i].put_missing(column, row);
      return fields_[i].put(field.text, column, row, batch.arena);
    });
  }
  return true;
}

class JsonRows final : public Rows {
 public:
  JsonRows(const ir::SourceFile& source, Lines lines) : Rows(source, std::move(lines)) {
    for (const Field& field : fields_) names_.push_back(json::quoted(field.name()));
  }

 private:
  Result<bool> take(SourceBatch& batch) override;

  std::string text_;
  std::vector<std::string> names_;
};

Result<bool> JsonRows::take(SourceBatch& batch) {
  text_.clear();
  BACKFILL_ASSIGN(const bool more, lines_.next(text_));
  if (!more) return false;
  const std::int64_t line = lines_.line();
  if (text_.find_first_not_of(" \t\r\n") == std::string::npos) return true;
  if (text_.size() >= kLongest) {
    refuse(line, fmt::format("the line is longer than {} MiB", kLongest >> 20U));
    return true;
  }
  if (!stdlib::utf8::valid(text_)) {
    refuse(line, "it is not UTF-8");
    return true;
  }
  const std::optional<std::string> object = json::canonical(text_);
  if (!object || json::type_of(*object) != json::Type::Object) {
    refuse(line, object ? fmt::format("it is {}, and no object", json::name(json::type_of(*object)))
                        : "it is no JSON");
    return true;
  }
  add_row(batch, line, [&](std::size_t i, stdlib::ColumnBuffer& column, std::int64_t row) {
    const auto value = json::member(*object, names_[i]);
    if (!value || json::type_of(*value) == json::Type::Null) return fields_[i].put_missing(column, row);
    return fields_[i].put_json(*value, column, row, batch.arena);
  });
  return true;
}

bool is_csv(const ir::SourceFile& source) {
  std::string ending = std::filesystem::path(source.path).extension().string();
  std::ranges::transform(ending, ending.begin(), [](char c) {
    return c == 'C' || c == 'S' || c == 'V' ? static_cast<char>(c + 32) : c;
  });
  return ending == ".csv";
}

}  // namespace

Result<std::unique_ptr<Reader>> Reader::open(const ir::SourceFile& source) {
  BACKFILL_ASSIGN(Lines lines, Lines::open(source.file));
  if (!is_csv(source)) return std::unique_ptr<Reader>(std::make_unique<JsonRows>(source, std::move(lines)));
  auto rows = std::make_unique<CsvRows>(source, std::move(lines));
  BACKFILL_ASSIGN(const std::vector<std::string> problems, rows->read_header());
  if (problems.empty()) return std::unique_ptr<Reader>(std::move(rows));
  Failure failure = fatal(
      fmt::format("{} is not what `{}` says: {}", source.file, source.table.name, fmt::join(problems, "; ")),
      "name the fields as the header of the file does");
  failure.mistake = true;
  return failure;
}

Result<std::string> sha256_of(const std::string& path) {
  BACKFILL_ASSIGN(Lines lines, Lines::open(path));
  std::string line;
  bool more = true;
  while (more) {
    line.clear();
    BACKFILL_ASSIGN(more, lines.next(line));
  }
  return lines.sha256();
}

std::vector<std::string> lacks(const ir::SourceFile& source) {
  if (!is_csv(source)) return {};
  auto lines = Lines::open(source.file);
  if (!lines) return {};
  auto problems = CsvRows(source, *std::move(lines)).read_header();
  return problems ? *std::move(problems) : std::vector<std::string>();
}

}  // namespace backfill::file
