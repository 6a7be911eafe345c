// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/sources.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "runtime/execute/tables.h"
#include "runtime/file/reader.h"

namespace backfill::execute {

using database_sql::SourceRecord;
using file::BadLine;

namespace {

class Loader {
 public:
  Loader(database::Store& store, const Subject& subject, const ir::SourceFile& source, std::int64_t run)
      : store_(store), subject_(subject), backfill_(*subject.backfill), source_(source), run_(run) {}
  Result<SourceRecord> load();

 private:
  Result<void> append(file::Reader& reader);
  Result<void> index();
  [[nodiscard]] Failure refused() const;
  [[nodiscard]] const std::string& name(int column) const {
    return source_.table.columns[static_cast<std::size_t>(column)].name;
  }

  database::Store& store_;
  const Subject& subject_;
  const ir::Backfill& backfill_;
  const ir::SourceFile& source_;
  const std::int64_t run_;
  SourceRecord record_;
  std::vector<BadLine> bad_;
};

Result<SourceRecord> Loader::load() {
  BACKFILL_ASSIGN(const auto reader, file::Reader::open(source_));
  BACKFILL_TRY(database_sql::create_source(store_, backfill_, source_, run_));
  BACKFILL_TRY(append(*reader));
  bad_.insert(bad_.end(), reader->bad().begin(), reader->bad().end());
  if (bad_.empty()) BACKFILL_TRY(index());
  if (!bad_.empty()) return refused();
  record_.name = source_.table.name;
  record_.path = source_.path;
  record_.sha256 = reader->sha256();
  return std::move(record_);
}

Result<void> Loader::append(file::Reader& reader) {
  const std::string table = database_sql::source_name(store_.dialect(), backfill_, source_, run_);
  database::SourceBatch batch;
  while (bad_.size() < file::kMostBad) {
    BACKFILL_ASSIGN(const bool more, reader.next(batch));
    if (!more) return {};
    if (subject_.interrupt != nullptr && subject_.interrupt->load())
      return fatal(fmt::format("interrupted while {} was read: nothing was written", source_.file),
                   "run it again");
    BACKFILL_ASSIGN(const auto unstorable, store_.append(source_, table, batch));
    record_.rows += batch.rows;
    for (const database::Unstorable& one : unstorable)
      bad_.push_back({batch.lines[static_cast<std::size_t>(one.row)],
                      fmt::format("{} has no form for `{}`: {}", store_.dialect().name(),
                                  name(static_cast<int>(one.column)),
                                  stdlib::literal(batch.columns[one.column].value(one.row),
                                                  source_.table.columns[one.column].type))});
  }
  return {};
}

Result<void> Loader::index() {
  BACKFILL_ASSIGN(const auto repeated,
                  database_sql::index_source(store_, backfill_, source_, run_, file::kMostBad));
  for (const database_sql::Repeated& one : repeated) {
    std::string key;
    const std::vector<int>& columns = source_.table.keys.front().columns;
    for (std::size_t i = 0; i < columns.size(); ++i)
      key += fmt::format("{}`{}` {}", i == 0 ? "" : ", ", name(columns[i]), stored_literal(one.key[i]));
    const std::string more = one.rows > 2 ? fmt::format(" and in {} more", one.rows - 2) : "";
    bad_.push_back({one.last, fmt::format("the key {} stands in line {} already{}", key, one.first, more)});
  }
  return {};
}

Failure Loader::refused() const {
  std::vector<BadLine> bad = bad_;
  std::ranges::stable_sort(bad, {}, &BadLine::line);
  if (bad.size() > file::kMostBad) bad.resize(file::kMostBad);
  std::string message = fmt::format("{} does not hold what `{}` says:", source_.file, source_.table.name);
  for (const BadLine& one : bad) message += fmt::format("\n  {}:{}: {}", source_.file, one.line, one.what);
  if (bad.size() == file::kMostBad) message += "\n  and perhaps more: these are the first of them";
  Failure failure = fatal(std::move(message), "mend the lines; nothing was written");
  failure.mistake = true;
  return failure;
}

}  // namespace

Result<Sources> load_sources(database::Store& store, const Subject& subject, std::int64_t run) {
  Sources loaded;
  for (const ir::SourceFile* source : ir::sources_read(*subject.backfill)) {
    BACKFILL_ASSIGN(SourceRecord one, Loader(store, subject, *source, run).load());
    loaded.push_back(std::move(one));
  }
  return loaded;
}

std::string digest_of(const Sources& sources) {
  std::string text;
  for (const SourceRecord& source : sources) text += fmt::format("\n{} {}", source.name, source.sha256);
  return text;
}

Result<std::string> digest_of_files(const ir::Backfill& backfill) {
  Sources sources;
  for (const ir::SourceFile* source : ir::sources_read(backfill)) {
    const auto digest = file::sha256_of(source->file);
    if (!digest && !digest.failure().mistake) return digest.failure();
    sources.push_back({source->table.name, source->path, digest ? *digest : "is not there"});
  }
  return digest_of(sources);
}

std::vector<std::string> changed_since(const ir::Backfill& backfill, const Sources& loaded,
                                       std::int64_t run) {
  std::vector<std::string> changed;
  for (const ir::SourceFile* source : ir::sources_read(backfill)) {
    const auto was = std::ranges::find(loaded, source->table.name, &SourceRecord::name);
    const auto is = file::sha256_of(source->file);
    if (was == loaded.end() || !is || *is == was->sha256) continue;
    changed.push_back(fmt::format("{} has changed since run {} began, which goes on with what it loaded then",
                                  source->path, run));
  }
  return changed;
}

}  // namespace backfill::execute
