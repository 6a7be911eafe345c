// SPDX-License-Identifier: Apache-2.0
// A whole run on SQLite (manifest, corrections row by row, checkpoints) against one plain UPDATE and against
// a hand-written keyset loop, on the same file, in the same process tree. Prints rows per second, ratios and
// peak memory.
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

#include "bench/measure.h"

namespace {

namespace fs = std::filesystem;
using backfill::bench::backfill_run;
using backfill::bench::die;
using backfill::bench::seconds;

constexpr const char* kSpec = R"(
backfill account_status {
  table accounts key (id)
  scope {
    where  status is missing
    exclude internal when plan = 'internal'
  }
  derive status = case { deleted_at is present -> 'deleted', is_active -> 'active', else -> 'inactive' }
  derive email_domain = email |> split_part('@', 2) |> lower_ascii
}
)";
constexpr const char* kSet =
    "UPDATE accounts SET status = CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN is_active THEN "
    "'active' "
    "ELSE 'inactive' END, email_domain = lower(substr(email, instr(email, '@') + 1)) WHERE status IS NULL "
    "AND plan <> "
    "'internal'";

class Database {
 public:
  explicit Database(const fs::path& path) {
    if (sqlite3_open(path.c_str(), &handle_) != SQLITE_OK) die(sqlite3_errmsg(handle_));
  }
  ~Database() { sqlite3_close(handle_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql) {
    if (sqlite3_exec(handle_, sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
      die(sqlite3_errmsg(handle_));
  }
  sqlite3* handle() { return handle_; }

 private:
  sqlite3* handle_ = nullptr;
};

void generate(const fs::path& path, std::int64_t rows) {
  Database database(path);
  database.run(
      "PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;"
      "CREATE TABLE accounts (id INTEGER PRIMARY KEY, is_active BOOLEAN NOT NULL, deleted_at TIMESTAMP, "
      "email TEXT "
      "NOT NULL, plan TEXT NOT NULL, amount_cents INTEGER NOT NULL, created_at TIMESTAMP NOT NULL, status "
      "TEXT, "
      "email_domain TEXT)");
  database.run(fmt::format(
      "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {}) INSERT INTO accounts "
      "(id, is_active, "
      "deleted_at, email, plan, amount_cents, created_at) SELECT i, i % 3 > 0, CASE WHEN i % 7 = 0 THEN "
      "'2024-05-01 "
      "10:00:00' END, 'User.' || i || '@Mail' || (i % 97) || '.Example.org', CASE i % 50 WHEN 0 THEN "
      "'internal' WHEN 1 THEN 'pro' "
      "ELSE 'free' END, i * 37 % 100000, datetime('2020-01-01', '+' || (i % 150000000) || ' seconds') FROM n",
      rows));
  database.run("CREATE INDEX accounts_created_at ON accounts(created_at); PRAGMA wal_checkpoint(TRUNCATE)");
}

fs::path fresh(const fs::path& original) {
  fs::path copy = original.parent_path() / "work.db";
  for (const char* suffix : {"", "-wal", "-shm"}) fs::remove(copy.string() + suffix);
  fs::copy_file(original, copy);
  return copy;
}

double one_update(const fs::path& path) {
  Database database(path);
  database.run("PRAGMA synchronous = NORMAL");
  return seconds([&] { database.run(kSet); });
}

// What an engineer writes by hand: batches of 10,000 ids, each its own transaction, no record of what was
// there.
double keyset_loop(const fs::path& path, std::int64_t rows) {
  Database database(path);
  database.run("PRAGMA synchronous = NORMAL");
  constexpr std::int64_t kBatch = 10'000;
  return seconds([&] {
    for (std::int64_t low = 0; low < rows; low += kBatch) {
      database.run(fmt::format("{} AND id > {} AND id <= {}", kSet, low, low + kBatch));
    }
  });
}

long children_peak_kib() {
  rusage usage{};
  getrusage(RUSAGE_CHILDREN, &usage);
  return usage.ru_maxrss;
}

double whole_run(const std::string& binary, const fs::path& spec, const fs::path& path) {
  return seconds([&] { backfill_run(binary, {spec, "--db", "sqlite:" + path.string()}); });
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

int main(int argc, char** argv) {
  const std::string binary = fs::absolute(argv[0]).parent_path().parent_path() / "backfill";
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 3;
  const fs::path folder = fs::temp_directory_path() / fmt::format("backfill-bench-{}", getpid());
  fs::create_directories(folder);
  const fs::path original = folder / "original.db", spec = folder / "account_status.backfill";
  std::ofstream(spec) << kSpec;
  generate(original, rows);

  std::vector<double> update, loop, run;
  for (int k = 0; k < repeats; ++k) {
    update.push_back(one_update(fresh(original)));
    loop.push_back(keyset_loop(fresh(original), rows));
    run.push_back(whole_run(binary, spec, fresh(original)));
  }
  fs::remove_all(folder);

  const double baseline = median(update);
  const auto line = [&](const char* name, double time) {
    fmt::print("{:<44} {:>8.2f} s {:>12.0f} rows/s {:>6.2f}\n", name, time, static_cast<double>(rows) / time,
               baseline / time);
  };
  fmt::print("{} rows, median of {}; last column: ratio to one plain UPDATE (goal for the run: >= 0.80)\n",
             rows, repeats);
  line("one plain UPDATE, no record", baseline);
  line("keyset loop of batched UPDATEs, no record", median(loop));
  line("backfill run: manifest, corrections, checkpoint", median(run));
  fmt::print("ratio of the run to the keyset loop: {:.2f}\n", median(loop) / median(run));
  fmt::print("peak memory of the run: {} MiB (goal: <= 200)\n", children_peak_kib() / 1024);
}
