// SPDX-License-Identifier: Apache-2.0
// A whole run on PostgreSQL (manifest, corrections row by row, checkpoints) against one big UPDATE and the
// textbook loop, on copies of one database, in the same run: rows per second, WAL, the longest transaction,
// and what a writer beside it sees.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <fstream>
#include <functional>
#include <random>
#include <thread>

#include "bench/measure.h"
#include "bench/postgres_server.h"

namespace {

namespace fs = std::filesystem;
using backfill::bench::backfill_run;
using backfill::bench::PostgresServer;
using backfill::bench::seconds;
using backfill::bench::Session;
using Clock = std::chrono::steady_clock;

constexpr const char* kSpec = R"(
backfill account_status {{
  table accounts key (id)
  scope {{ where status is missing }}
  derive status = case {{ deleted_at is present -> 'deleted', is_active -> 'active', else -> 'inactive' }}
  derive email_domain = email |> split_part('@', 2) |> lower
  stages {{ rest }}
  pace {{ batch 500 to 20000 rows aim {} ms }}
  verify {{ sample 1000 rows then all }}
  rollback {{ capture prior values keep 30 days restore rows unchanged since }}
}}
)";
const std::string kSet =
    "UPDATE accounts SET status = CASE WHEN deleted_at IS NOT NULL THEN 'deleted' WHEN is_active THEN "
    "'active' "
    "ELSE 'inactive' END, email_domain = lower(split_part(email, '@', 2)) WHERE ";
constexpr double kTextbookSeconds = 60;
constexpr int kWritesPerSecond = 200;

void generate(const PostgresServer& server, std::int64_t rows) {
  Session(server.url("postgres")).run("CREATE DATABASE original");
  Session session(server.url("original"));
  session.run(
      "CREATE TABLE accounts (id bigint PRIMARY KEY, is_active boolean NOT NULL, deleted_at timestamptz, "
      "email text "
      "NOT NULL, plan text NOT NULL, amount_cents bigint NOT NULL, created_at timestamptz NOT NULL, status "
      "text, "
      "email_domain text)");
  session.run(
      fmt::format("INSERT INTO accounts SELECT i, i % 3 > 0, CASE WHEN i % 7 = 0 THEN timestamptz "
                  "'2024-05-01 10:00:00+00' END, "
                  "'User.' || i || '@Mail' || i % 97 || '.Example.org', CASE i % 50 WHEN 0 THEN 'internal' "
                  "ELSE 'free' END, "
                  "i * 37 % 100000, timestamptz '2020-01-01+00' + i * interval '1 second' FROM "
                  "generate_series(1, {}) AS i",
                  rows));
  session.run("CREATE INDEX accounts_created_at ON accounts (created_at)");
  session.run("VACUUM (ANALYZE, FREEZE) accounts");
}

std::string fresh(const PostgresServer& server) {
  return server.fresh({"SELECT count(*) FROM accounts WHERE email_domain IS NULL"});
}

// Looks at the run's transactions every few milliseconds.
class LongestTransaction {
 public:
  explicit LongestTransaction(const std::string& url)
      : thread_([this, url] {
          Session session(url);
          while (!ending_) {
            const std::string now = session.one(
                "SELECT coalesce(max(extract(epoch FROM clock_timestamp() - xact_start)) * 1000, 0) FROM "
                "pg_stat_activity WHERE application_name = 'backfill' AND backend_xid IS NOT NULL");
            longest_ = std::max(longest_, std::stod(now));
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
          }
        }) {}
  double milliseconds() {
    ending_ = true;
    thread_.join();
    return longest_;
  }

 private:
  std::atomic<bool> ending_{false};
  double longest_ = 0;
  std::thread thread_;
};

// Single-row updates of random rows at a steady rate; a late one counts from when it was due.
class Writer {
 public:
  Writer(const std::string& url, std::int64_t rows)
      : thread_([this, url, rows] {
          Session session(url);
          std::mt19937_64 random(7);
          auto due = Clock::now();
          while (!ending_) {
            std::this_thread::sleep_until(due);
            session.run(fmt::format("UPDATE accounts SET amount_cents = amount_cents + 1 WHERE id = {}",
                                    random() % static_cast<std::uint64_t>(rows) + 1));
            latencies_.push_back(std::chrono::duration<double, std::milli>(Clock::now() - due).count());
            due += std::chrono::microseconds(1'000'000 / kWritesPerSecond);
          }
        }) {}
  std::vector<double> stop() {
    ending_ = true;
    thread_.join();
    std::sort(latencies_.begin(), latencies_.end());
    return latencies_;
  }

 private:
  std::atomic<bool> ending_{false};
  std::vector<double> latencies_;
  std::thread thread_;
};

double percentile(const std::vector<double>& sorted, double part) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1,
                         static_cast<std::size_t>(part * static_cast<double>(sorted.size())))];
}

void run(const std::string& binary, const fs::path& spec, const std::string& url, int workers) {
  // 4: the writer beside it may leave rows to report.
  backfill_run(binary, {spec, "--db", url, "--workers", std::to_string(workers)}, {0, 4});
}

struct Measured {
  double time = 0, wal_mib = 0, longest_ms = 0;
};

Measured measure(const std::string& url, const std::function<void()>& work) {
  Session session(url);
  const std::string before = session.one("SELECT pg_current_wal_lsn()");
  LongestTransaction longest(url);
  Measured measured;
  measured.time = seconds(work);
  measured.longest_ms = longest.milliseconds();
  measured.wal_mib =
      std::stod(session.one(fmt::format("SELECT pg_current_wal_lsn() - '{}'::pg_lsn", before))) / (1 << 20);
  return measured;
}

// Rows per second; it is stopped after a while.
double textbook_loop(const std::string& url) {
  Session session(url);
  std::int64_t done = 0;
  const auto begun = Clock::now();
  double passed = 0;
  while (passed < kTextbookSeconds) {
    const auto rows =
        session.run(kSet + "id IN (SELECT id FROM accounts WHERE status IS NULL LIMIT 1000) RETURNING 1");
    passed = std::chrono::duration<double>(Clock::now() - begun).count();
    done += static_cast<std::int64_t>(rows.size());
    if (rows.empty()) break;
  }
  return static_cast<double>(done) / passed;
}

Measured best(const std::vector<Measured>& all) {
  return *std::min_element(all.begin(), all.end(),
                           [](const Measured& a, const Measured& b) { return a.time < b.time; });
}

void print_writer(const char* name, const std::vector<double>& latencies, double baseline_p99) {
  fmt::print("  {:<34} p50 {:>7.2f} ms  p99 {:>7.2f} ms  max {:>7.2f} ms  {:>5.2f}\n", name,
             percentile(latencies, 0.5), percentile(latencies, 0.99),
             latencies.empty() ? 0 : latencies.back(), percentile(latencies, 0.99) / baseline_p99);
}

void measure_writer(const PostgresServer& server, const std::string& binary, const fs::path& folder,
                    std::int64_t rows) {
  const fs::path spec = folder / "gentle.backfill";
  std::ofstream(spec) << fmt::format(fmt::runtime(kSpec), 50);
  const std::string url = fresh(server);
  Writer alone(url, rows);
  std::this_thread::sleep_for(std::chrono::seconds(10));
  const std::vector<double> without = alone.stop();
  const double p99 = percentile(without, 0.99);
  fmt::print(
      "a writer of {} single-row updates per second; last column: p99 to that without a run (goal <= 1.5)\n",
      kWritesPerSecond);
  print_writer("without a run", without, p99);
  Writer during_update(url, rows);
  const double update = seconds([&] { Session(url).run(kSet + "status IS NULL"); });
  print_writer("during one UPDATE", during_update.stop(), p99);
  static_cast<void>(update);
  const std::string again = fresh(server);
  Writer during_run(again, rows);
  run(binary, spec, again, 1);
  print_writer("during backfill run, aim 50 ms", during_run.stop(), p99);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string binary = fs::absolute(argv[0]).parent_path().parent_path() / "backfill";
  const std::int64_t rows = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 2;
  const std::string_view only = argc > 3 ? argv[3] : "";  // "quick": the runs, "writer": what it sees
  const PostgresServer server;
  const fs::path folder = fs::temp_directory_path() / fmt::format("backfill-bench-{}", getpid());
  fs::create_directories(folder);
  const fs::path spec = folder / "account_status.backfill";
  std::ofstream(spec) << fmt::format(fmt::runtime(kSpec), 100);
  generate(server, rows);

  if (only == "writer") {
    measure_writer(server, binary, folder, rows);
    fs::remove_all(folder);
    return 0;
  }
  std::vector<Measured> update, one, two;
  for (int k = 0; k < repeats; ++k) {
    std::string url = fresh(server);
    update.push_back(measure(url, [&] { Session(url).run(kSet + "status IS NULL"); }));
    url = fresh(server);
    one.push_back(measure(url, [&] { run(binary, spec, url, 1); }));
    url = fresh(server);
    two.push_back(measure(url, [&] { run(binary, spec, url, 2); }));
  }
  const double baseline = best(update).time;
  const auto line = [&](const char* name, const Measured& measured) {
    fmt::print("{:<48} {:>7.2f} s {:>9.0f} rows/s {:>5.2f}  WAL {:>6.0f} MiB  longest {:>6.0f} ms\n", name,
               measured.time, static_cast<double>(rows) / measured.time, baseline / measured.time,
               measured.wal_mib, measured.longest_ms);
  };
  fmt::print("{} rows, best of {}; ratio to one big UPDATE (goals: one worker >= 0.85, two >= 1.35)\n", rows,
             repeats);
  line("one big UPDATE, no record", best(update));
  line("backfill run, one worker", best(one));
  line("backfill run, two workers", best(two));
  if (only.empty()) {
    const double textbook = textbook_loop(fresh(server));
    fmt::print(
        "textbook loop of 1,000 rows, for {:.0f} s at most: {:.0f} rows/s; the run is {:.1f} times as fast "
        "(goal 10)\n",
        kTextbookSeconds, textbook, static_cast<double>(rows) / best(one).time / textbook);
    measure_writer(server, binary, folder, rows);
  }
  fs::remove_all(folder);
}
