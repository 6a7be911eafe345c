// SPDX-License-Identifier: Apache-2.0
// The small parts: sample hash, batch sizes, key texts, manifest.
#include "tests/runtime/execute/fixture.h"

#include <set>

#include "runtime/database/sql/key_text.h"
#include "runtime/execute/batch_size.h"
#include "runtime/execute/manifest.h"
#include "runtime/execute/retry.h"
#include "runtime/execute/sample.h"

using namespace backfill;
using namespace backfill::execute_test;
using stdlib::Value;

TEST_CASE("the sample hash is fixed for good") {
  // A run that an older version began must find its rows: these numbers, computed apart from this code, may
  // never change.
  CHECK(execute::sample_hash(0, {Value(std::int64_t{1})}) !=
        execute::sample_hash(1, {Value(std::int64_t{1})}));
  CHECK(execute::sample_hash(41, {Value(std::int64_t{42})}) == 0xdb93d48f54bff31bULL);
  CHECK(execute::sample_hash(41, {Value(std::string("a")), Value(std::int64_t{7})}) == 0x12603da782c9750fULL);
  CHECK(execute::sample_hash(5, {Value(stdlib::Decimal{150, 2})}) ==
        execute::sample_hash(5, {Value(stdlib::Decimal{15, 1})}));
  CHECK(execute::sample_hash(5, {Value(std::string("ab")), Value(std::string("c"))}) !=
        execute::sample_hash(5, {Value(std::string("a")), Value(std::string("bc"))}));
}

TEST_CASE("the heap keeps the smallest, exactly") {
  struct Entry {
    std::uint64_t hash;
  };
  execute::SmallestHeap<Entry> heap(10);
  std::multiset<std::uint64_t> all;
  for (std::uint64_t i = 1; i <= 1000; ++i) {
    const std::uint64_t hash = execute::sample_hash(1, {Value(static_cast<std::int64_t>(i))});
    all.insert(hash);
    heap.offer({hash});
  }
  const auto taken = heap.take();
  REQUIRE(taken.size() == 10);
  auto expected = all.begin();
  for (const Entry& entry : taken) CHECK(entry.hash == *expected++);
}

TEST_CASE("samples are exact, disjoint, and taken in the order of the stages") {
  Database database;
  make_accounts(database, 30'000);
  Program program(
      database,
      spec_text({.stages = "stages { a sample 100 rows seed 1  b where id < 3000  c sample 100 rows seed 1"
                           "  d sample 10% seed 9  e keys (4500, 4503)  rest }",
                 .pace = "pace { batch 1000 to 2500 rows }"}));
  const auto manifest = must(execute::survey(program.subject));
  CHECK(manifest.rows == 30'000);
  CHECK(manifest.chunks.size() == 3);
  CHECK(execute::total(manifest.classes) == 30'000);
  CHECK(manifest.stages[0].candidates == 100);
  CHECK(manifest.stages[2].candidates == 100);
  const auto candidates = static_cast<double>(manifest.classes[ir::kCandidate].rows);
  CHECK(static_cast<double>(manifest.stages[3].candidates) == Approx(candidates * 0.1).epsilon(0.2));
  const auto report = program.run();
  CHECK(report.end == execute::RunEnd::Finished);
  CHECK(report.drift.empty());
  for (std::size_t i = 0; i < manifest.stages.size(); ++i) {
    CHECK(report.stages[i].outcomes.candidates == manifest.stages[i].candidates);
  }
  CHECK(report.outcomes.changed == manifest.classes[ir::kCandidate].rows);
}

TEST_CASE("a batch grows to the aim, shrinks at once and stays within its limits") {
  ir::Pace pace;
  pace.batch_min = 100;
  pace.batch_max = 10'000;
  pace.aim_us = 50'000;
  execute::BatchSize size(pace);
  CHECK(size.rows() == 100);
  std::int64_t before = size.rows();
  for (int i = 0; i < 20; ++i) {  // 10 us per row: 5000 rows take the aim
    size.observe(size.rows(), size.rows() * 10);
    CHECK(size.rows() <= 2 * before);
    before = size.rows();
  }
  CHECK(size.rows() > 4000);
  CHECK(size.rows() < 6000);
  size.observe(size.rows(), 1'000'000);
  CHECK(size.rows() < 500);
  for (int i = 0; i < 30; ++i) size.observe(size.rows(), 1);
  CHECK(size.rows() == 10'000);
  for (int i = 0; i < 30; ++i) size.observe(size.rows(), 10'000'000);
  CHECK(size.rows() == 100);
}

TEST_CASE("a key is written and read back exactly") {
  using stdlib::Kind;
  const std::vector<stdlib::Type> types = {stdlib::make(Kind::Int64),   stdlib::text(),
                                           stdlib::make(Kind::Bytes),   stdlib::decimal(10, 2),
                                           stdlib::make(Kind::Float64), stdlib::make(Kind::Bool)};
  const database::Key key = {std::int64_t{-9223372036854775807LL - 1},
                             std::string("a\"\\\n,]é"),
                             std::string("\0\xff", 2),
                             stdlib::Decimal{-150, 2},
                             0.1,
                             true};
  const auto back = database_sql::parse_key(database_sql::key_text(key, types), types);
  REQUIRE(back.has_value());
  CHECK((*back == key));
  CHECK(database_sql::parse_key("", types)->empty());
  CHECK_FALSE(database_sql::parse_key("[1]", types).has_value());
}

TEST_CASE("a batch that runs into timeouts is halved down to one row, and doubles with each success") {
  ir::Pace pace;
  pace.batch_min = 10;
  pace.batch_max = 1000;
  pace.aim_us = 50'000;
  execute::BatchSize size(pace);
  for (int i = 0; i < 3; ++i) size.halve();
  CHECK(size.rows() == 1);
  size.halve();
  CHECK(size.rows() == 1);
  std::vector<std::int64_t> sizes;
  for (int i = 0; i < 4; ++i) {
    size.observe(size.rows(), 40'000);
    sizes.push_back(size.rows());
  }
  CHECK(sizes == std::vector<std::int64_t>{2, 4, 8, 10});
}

TEST_CASE("tries end, and the waits between them grow with a jitter") {
  execute::Retry retry(0);
  double least = 0.01;
  for (int i = 1; i < execute::kTries; ++i, least *= 2) {
    CHECK(retry.again());
    const double wait = retry.wait();
    CHECK(wait >= std::min(least, execute::kLongestWait / 2));
    CHECK(wait <= 3 * least);
  }
  CHECK_FALSE(retry.again());
}
