// SPDX-License-Identifier: Apache-2.0
// Source files, on every store: read once when a run begins, and never again.
#include "runtime/execute/dry_run.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"
#include "tests/runtime/file/written.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;
using file_test::Written;

namespace {

// Articles 1 to 300; every 5th has no slug, every 7th has the one before its own.
void make_articles(Database& database) {
  database.script(R"(
    CREATE TABLE articles (id INTEGER PRIMARY KEY, slug TEXT, published_at TIMESTAMP, views BIGINT, note TEXT,
                           price DECIMAL(10, 2), day DATE, listed BOOLEAN);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO articles (id, slug) SELECT i, CASE WHEN i % 5 > 0 THEN 'slug-' || (i - CASE WHEN i % 7 = 0 THEN 1 ELSE 0 END)
      END FROM n;)");
}

// Each 3rd slug has a line; the last three have no value.
std::string legacy_csv(int from = 1) {
  std::string text = "views,slug,published_at,author\n";
  for (int i = 3; i <= 300; i += 3)
    text += fmt::format("{},slug-{},{},\"who, \"\"me\"\"\"\n", i > 291 ? "" : std::to_string(i * from), i,
                        i > 291 ? "" : "2024-01-31T10:00:00+02:00");
  return text;
}

std::string spec_for(const Written& file, const std::string& more = "") {
  return fmt::format(R"(backfill legacy_values {{
    intent recompute
    table articles
    source legacy from "{}" {{ slug: text key, published_at: timestamp?, views: int64? }}
    lookup old = l in legacy where l.slug = row.slug
    scope {{ exclude unknown when old is missing because "the old site did not have it" }}
    derive views = old.views
    derive note = case {{ old.published_at is missing -> 'never', old.published_at < timestamp '2024-01-31T08:00:01Z' -> 'at eight', else -> 'later' }}
    {}
  }})",
                     file.path(), more);
}

const char* const kArticles =
    "SELECT id, slug, published_at, views, note, price, day, listed FROM articles ORDER BY id";

std::string failure_of(Program& program) {
  const auto report = program.try_run();
  REQUIRE_FALSE(report.ok());
  INFO(report.failure().message);
  CHECK(report.failure().mistake);
  return report.failure().message;
}

}  // namespace

TEST_CASE("a file is looked up by its key; verified, run again and rolled back when it is gone") {
  Database database;
  make_articles(database);
  Written file("legacy.csv", legacy_csv());
  const std::string before = database.content(kArticles);
  Program program(database, spec_for(file));
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  // 3, 6, ... 300 without those of the fives, and the sevens that point to them.
  const std::int64_t known =
      database.number("SELECT count(*) FROM articles WHERE CAST(substr(slug, 6) AS INTEGER) % 3 = 0");
  CHECK(report.outcomes.changed == known);
  CHECK(database.number("SELECT count(*) FROM articles WHERE views = CAST(substr(slug, 6) AS INTEGER)") ==
        known - database.number("SELECT count(*) FROM articles WHERE note = 'never'"));
  CHECK(database.number("SELECT count(*) FROM articles WHERE note = 'never' AND views IS NULL") > 0);
  CHECK(database.content("SELECT note FROM articles WHERE id = 3") == "at eight|\n");
  file.write("another.csv", "");
  std::filesystem::remove(std::filesystem::path(file.path()).parent_path() / "legacy.csv");
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  INFO(verified.reasons.size());
  CHECK(verified.by_sql);
  CHECK(verified.compared == known);
  database.script("UPDATE articles SET views = -1 WHERE id = 3");
  CHECK(
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).mismatches ==
      1);
  database.script("UPDATE articles SET views = 3 WHERE id = 3");
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kArticles) == before);
}

TEST_CASE("first, only, counts and sums over a file of JSON lines that has no key") {
  Database database;
  make_articles(database);
  std::string lines;
  for (int i = 0; i < 200; ++i)
    lines += fmt::format(
        "{{\"slug\":\"slug-{}\",\"place\":{},\"price\":{}.25,\"day\":\"2024-02-{:02}\",\"listed\":{}}}\n",
        i % 40 + 1, i, i, i % 28 + 1, i % 2 == 0 ? "true" : "null");
  const Written file("prices.jsonl", lines);
  Program program(database, fmt::format(R"(backfill prices {{
    intent recompute
    table articles
    source prices from "{}" {{ slug: text, place: int64 key, price: decimal(10, 2), day: date, listed: bool? }}
    lookup newest = first p in prices where p.slug = row.slug order by p.place desc
    lookup sole = only p in prices where p.slug = row.slug and p.place < 40
    derive views  = count(p in prices where p.slug = row.slug)
    derive price  = sum(p.price for p in prices where p.slug = row.slug) as decimal(10, 2)
    derive day    = newest.day
    derive listed = sole.listed
  }})",
                                        file.path()));
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.quarantined == 0);
  CHECK(database.content("SELECT views, price = 406.25, day FROM articles WHERE id = 2") ==
        database.content("SELECT 5, 1 = 1, '2024-02-22'"));
  CHECK(database.number("SELECT count(*) FROM articles WHERE listed") > 10);
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}

TEST_CASE("lines that do not fit are all named, and nothing is written") {
  Database database;
  make_articles(database);
  const std::string objects = database.objects();
  const Written file("legacy.csv",
                     "slug,views,published_at\nslug-1,many,\n,1,\nslug-2,1\nslug-3,2,2024-01-31\n");
  Program program(database, spec_for(file));
  const std::string all = failure_of(program);
  CHECK(all == fmt::format("{0} does not hold what `legacy` says:\n"
                           "  {0}:2: `views` is 'many', and int64 was expected, such as 42\n"
                           "  {0}:3: `slug` is missing, which only `slug: text?` may be\n"
                           "  {0}:4: it has 2 fields, the header 3\n"
                           "  {0}:5: `published_at` is '2024-01-31', and timestamp was expected, such as "
                           "2024-01-31T10:00:00Z, with its zone",
                           file.path()));
  CHECK_FALSE(execute::dry_run(program.subject, {}).ok());
  CHECK_FALSE(execute::survey(program.subject).ok());
  CHECK(database.objects() == objects);
}

TEST_CASE("a key that repeats is told with the line in which it stands already") {
  Database database;
  make_articles(database);
  const std::string objects = database.objects();
  const Written file("legacy.csv", "slug,views,published_at\na,1,\nb,1,\na,2,\n\"it's\",1,\nb,2,\nb,3,\n");
  Program program(database, spec_for(file));
  CHECK(failure_of(program) ==
        fmt::format("{0} does not hold what `legacy` says:\n"
                    "  {0}:4: the key `slug` 'a' stands in line 2 already\n"
                    "  {0}:7: the key `slug` 'b' stands in line 3 already and in 1 more",
                    file.path()));
  CHECK(database.objects() == objects);
}

TEST_CASE("a dry run and a plan write nothing") {
  Database database;
  make_articles(database);
  const std::string objects = database.objects(), before = database.content(kArticles);
  const Written file("legacy.csv", legacy_csv());
  Program program(database, spec_for(file));
  const auto dry = must(execute::dry_run(program.subject, {}));
  CHECK(must(execute::survey(program.subject)).classes[ir::kCandidate].rows == dry.outcomes.candidates);
  CHECK(must(execute::assess(program.subject, 10)).missing.empty());
  CHECK(database.objects() == objects);
  CHECK(database.content(kArticles) == before);
  CHECK(program.run().outcomes.changed == dry.outcomes.changed);
}

TEST_CASE("a resumed run goes on with what it has loaded, and says that the file has changed") {
  Database database;
  make_articles(database);
  Written file("legacy.csv", legacy_csv());
  Program program(database, spec_for(file, "pace { batch 20 to 20 rows aim 50 ms }"));
  REQUIRE(program.run_and_crash("after_commit:2"));
  const std::int64_t first = database.number("SELECT count(*) FROM articles WHERE note IS NOT NULL");
  REQUIRE(first > 0);
  file.write("legacy.csv", legacy_csv(1000));
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  REQUIRE(report.notes.size() == 1);
  CHECK(report.notes[0].find("has changed since run 1 began") != std::string::npos);
  CHECK(database.number("SELECT max(views) FROM articles") < 1000);
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
  // A new run reads the file as it is by then.
  const auto again = program.run();
  CHECK(again.notes.empty());
  CHECK(again.run == 2);
  CHECK(database.number("SELECT max(views) FROM articles") > 1000);
}

TEST_CASE("killed while the plan is written, nothing of the file is there") {
  Database database;
  make_articles(database);
  const std::string objects = database.objects();
  const Written file("legacy.csv", legacy_csv());
  Program program(database, spec_for(file));
  REQUIRE(program.run_and_crash("before_plan_commit"));
  CHECK(database.objects() == objects);
  REQUIRE(program.run_and_crash("in_manifest"));
  CHECK(database.objects() == objects);
  CHECK(program.run().end == RunEnd::Finished);
}

TEST_CASE("a file that changes while the run is planned is told of, and nothing is written") {
  Database database;
  make_articles(database);
  const std::string objects = database.objects();
  Written file("legacy.csv", legacy_csv());
  Program program(database, spec_for(file));
  program.options.confirm = [&](const execute::Manifest&) {
    file.write("legacy.csv", legacy_csv(2));
    return true;
  };
  CHECK(failure_of(program).find("has changed while the run was planned") != std::string::npos);
  CHECK(database.objects() == objects);
}

TEST_CASE("an approval is bound to what the file held") {
  Database database;
  make_articles(database);
  Written file("legacy.csv", legacy_csv());
  const std::string stages = "stages { canary sample 5 rows seed 1 then approval by \"ann\" rest }";
  Program program(database, spec_for(file, stages));
  const auto waiting = program.run();
  REQUIRE(waiting.end == RunEnd::AwaitApproval);
  // The file does not matter to this run any more: its plan is what it was.
  file.write("legacy.csv", legacy_csv(1000));
  REQUIRE(must(execute::approve(database.url(), 1, "ann")).done);
  const auto report = program.run();
  INFO(report.message);
  CHECK(report.end == RunEnd::Finished);
  CHECK(report.plan_hash == waiting.plan_hash);
  // With the other file it is another plan.
  CHECK(program.run().plan_hash != waiting.plan_hash);
}

TEST_CASE("two runs beside each other have a table each") {
  Database database;
  make_articles(database);
  Written file("legacy.csv", legacy_csv());
  Program first(database, spec_for(file, "pace { batch 20 to 20 rows aim 50 ms }"));
  REQUIRE(first.run_and_crash("after_commit:1"));
  file.write("legacy.csv", legacy_csv(1000));
  std::string text = spec_for(file);
  text.replace(text.find("legacy_values"), 13, "other_values");
  Program second(database, text);
  CHECK(second.run().run == 2);
  CHECK(database.number("SELECT max(views) FROM articles") > 1000);
  CHECK(first.run().end == RunEnd::Finished);
  // But for the rows that it had written before the other one did.
  CHECK(database.number("SELECT max(views) FROM articles WHERE id > 20") < 1000);
}

TEST_CASE("names and values that SQL would trip over") {
  Database database;
  make_articles(database);
  const std::string name = "Sl\"ug'; DROP TABLE articles; --";
  const Written file("legacy.csv",
                     "\"Sl\"\"ug'; DROP TABLE articles; --\",\"select\",\"\xc3\xa9\"\nslug-1,\"x'); DROP "
                     "TABLE articles; --\",1\nslug-2,\"\\\\.\n\\N\tE'\\\"\"\",2\n");
  Program program(database, fmt::format(R"(backfill hostile {{
    intent recompute
    table articles
    source "le""g acy" from "{}" {{ "Sl""ug'; DROP TABLE articles; --": text key, "select": text, "é": int64 }}
    lookup old = l in "le""g acy" where l."Sl""ug'; DROP TABLE articles; --" = row.slug
    scope {{ exclude unknown when old is missing because "it is not there" }}
    derive note = old."select"
    derive views = old."é"
  }})",
                                        file.path()));
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 2);
  CHECK(database.content("SELECT note, views FROM articles WHERE views > 0 ORDER BY id") ==
        "x'); DROP TABLE articles; --|1|\n\\\\.\n\\N\tE'\\\"|2|\n");
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}

TEST_CASE("a file without rows is a table without rows") {
  Database database;
  make_articles(database);
  const Written file("legacy.csv", "slug,views,published_at\n");
  Program program(database, spec_for(file));
  const auto report = program.run();
  CHECK(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 0);
}

TEST_CASE("what the database has no form for is named by its line") {
  if (conformance::backend() != conformance::Backend::Sqlite) return;
  Database database;
  make_articles(database);
  const Written file("prices.csv", "slug,price\na,1.25\nb,12345678901234567.89\n");
  Program program(database, fmt::format(R"(backfill prices {{
    intent recompute
    table articles
    source prices from "{}" {{ slug: text key, price: decimal(20, 2) }}
    derive listed = exists(p in prices where p.slug = row.slug)
  }})",
                                        file.path()));
  CHECK(failure_of(program).find("prices.csv:3: sqlite has no form for `price`: 12345678901234567.89") !=
        std::string::npos);
}
