// SPDX-License-Identifier: Apache-2.0
// Values from other rows on PostgreSQL, everything captured, against the best single statement by hand on a
// copy of the same database: (a) a tenant key copied from the parent, (b) a counter of children recomputed.
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "bench/measure.h"
#include "bench/postgres_server.h"

namespace {

namespace fs = std::filesystem;
using backfill::bench::backfill_run;
using backfill::bench::PostgresServer;
using backfill::bench::seconds;
using backfill::bench::Session;

struct Case {
  std::string name, spec;
  std::vector<std::string> by_hand;  // the fastest counts
};

const Case kTenant = {
    "a: a tenant key from the parent",
    R"(
backfill tenant {
  intent recompute
  table notes key (id)
  lookup project = p in projects where p.id = row.project_id
  scope { where tenant_id is missing }
  derive tenant_id = project.tenant_id
  stages { rest }
  pace { batch 500 to 20000 rows aim 100 ms }
  verify { sample 1000 rows }
  rollback { capture prior values keep 30 days restore rows unchanged since }
}
)",
    {"UPDATE notes SET tenant_id = p.tenant_id FROM projects p WHERE p.id = notes.project_id AND "
     "notes.tenant_id IS NULL"}};
const Case kCounter = {
    "b: a counter of children",
    R"(
backfill counter {
  intent recompute
  table parents key (id)
  derive children = count(c in children where c.parent_id = row.id)
  stages { rest }
  pace { batch 500 to 20000 rows aim 100 ms }
  verify { sample 1000 rows }
  rollback { capture prior values keep 30 days restore rows unchanged since }
}
)",
    {"UPDATE parents SET children = (SELECT count(*) FROM children c WHERE c.parent_id = parents.id)",
     "UPDATE parents SET children = coalesce(n.n, 0) FROM parents AS p LEFT JOIN (SELECT parent_id, "
     "count(*) AS n FROM children GROUP BY 1) AS n ON n.parent_id = p.id WHERE p.id = parents.id"}};

void generate(const PostgresServer& server, std::int64_t children) {
  Session(server.url("postgres")).run("CREATE DATABASE original");
  Session session(server.url("original"));
  session.run("CREATE TABLE projects (id bigint PRIMARY KEY, tenant_id bigint NOT NULL, name text NOT NULL)");
  session.run(
      "CREATE TABLE notes (id bigint PRIMARY KEY, project_id bigint NOT NULL REFERENCES projects, "
      "body text NOT NULL, tenant_id bigint)");
  session.run("CREATE TABLE parents (id bigint PRIMARY KEY, name text NOT NULL, children bigint)");
  session.run("CREATE TABLE children (id bigint PRIMARY KEY, parent_id bigint NOT NULL, body text NOT NULL)");
  session.run(
      fmt::format("INSERT INTO projects SELECT i, i % 977, 'Project ' || i FROM generate_series(1, {}) AS i",
                  children / 40));
  session.run(
      fmt::format("INSERT INTO notes SELECT i, i::bigint * 7919 % {} + 1, 'Body of note ' || i FROM "
                  "generate_series(1, {}) AS i",
                  children / 40, children));
  session.run(fmt::format("INSERT INTO parents SELECT i, 'Parent ' || i FROM generate_series(1, {}) AS i",
                          children / 10));
  session.run(
      fmt::format("INSERT INTO children SELECT i, i::bigint * 7919 % {} + 1, 'Body of child ' || i FROM "
                  "generate_series(1, {}) AS i",
                  children / 10, children));
  session.run("CREATE INDEX children_parent ON children (parent_id)");
  session.run("VACUUM (ANALYZE, FREEZE)");
}

std::string fresh(const PostgresServer& server) {
  std::vector<std::string> reads;
  for (const char* table : {"projects", "notes", "parents", "children"})
    reads.push_back(fmt::format("SELECT count(*) FROM {} WHERE id % 2 = 0", table));
  return server.fresh(reads);
}

void measure(const PostgresServer& server, const std::string& binary, const fs::path& folder, const Case& one,
             int repeats) {
  const fs::path spec = folder / "lookups.backfill";
  std::ofstream(spec) << one.spec;
  double by_hand = 1e9, run = 1e9;
  for (int k = 0; k < repeats; ++k) {
    for (const std::string& statement : one.by_hand) {
      const std::string url = fresh(server);
      by_hand = std::min(by_hand, seconds([&] { Session(url).run(statement); }));
    }
    const std::string url = fresh(server);
    run = std::min(run, seconds([&] { backfill_run(binary, {spec, "--db", url}); }));
  }
  fmt::print("{:<36} by hand {:>7.2f} s  backfill run {:>7.2f} s  ratio {:>5.2f} (goal 0.60)\n", one.name,
             by_hand, run, by_hand / run);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string binary =
      argc > 3 ? argv[3] : (fs::absolute(argv[0]).parent_path().parent_path() / "backfill").string();
  const std::int64_t children = argc > 1 ? std::atoll(argv[1]) : 2'000'000;
  const int repeats = argc > 2 ? std::atoi(argv[2]) : 2;
  const PostgresServer server;
  const fs::path folder = fs::temp_directory_path() / fmt::format("backfill-bench-{}", getpid());
  fs::create_directories(folder);
  generate(server, children);
  fmt::print("{} children, best of {}, everything captured\n", children, repeats);
  measure(server, binary, folder, kTenant, repeats);
  measure(server, binary, folder, kCounter, repeats);
  fs::remove_all(folder);
}
