// SPDX-License-Identifier: Apache-2.0
// `insert` and named outcomes, on each store: once per row, verified against the source, taken back exactly.
#include "runtime/execute/dry_run.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_accounts_and_profiles(Database& database, int rows) {
  database.script(fmt::format(R"(
    CREATE TABLE accounts (id INTEGER PRIMARY KEY, email TEXT, plan TEXT NOT NULL, closed INTEGER NOT NULL);
    CREATE TABLE profiles (id INTEGER PRIMARY KEY, account_id BIGINT NOT NULL UNIQUE, name TEXT NOT NULL,
                           kind TEXT NOT NULL DEFAULT 'person', seats BIGINT CHECK (seats < 400));
    CREATE TABLE archive (id INTEGER PRIMARY KEY, email TEXT, plan TEXT NOT NULL, closed INTEGER NOT NULL, why TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {0})
    INSERT INTO accounts SELECT i, CASE WHEN i % 7 <> 0 THEN 'Ann''s ' || i END,
      CASE WHEN i % 3 = 0 THEN 'pro' ELSE 'free' END, CASE WHEN i % 5 = 0 THEN 1 ELSE 0 END FROM n;
    INSERT INTO profiles (id, account_id, name) VALUES (100000, 4, 'theirs'), (100001, 5, 'theirs too');
    INSERT INTO archive VALUES (10, 'old', 'old', 0, 'there already');)",
                              rows));
}

// The database gives the new rows their keys.
void give_keys(Database& database) {
  if (conformance::backend() == conformance::Backend::Sqlite) return;
  database.script("CREATE SEQUENCE keys; ALTER TABLE profiles ALTER id SET DEFAULT nextval('keys');");
}

const char* const kProfiles = R"(backfill profiles_for_all {
  table accounts key (id)
  scope { where email is present }
  insert into profiles { account_id = id, name = email, seats = id } on conflict (account_id) do nothing
  stages { first sample 20 rows seed 3 then verified  rest then verified }
  pace { batch 20 to 50 rows }
}
)";
const char* const kArchive = R"(backfill archived {
  table accounts key (id)
  intent amend
  when closed = 1 as archived {
    insert into archive { all of row, why = 'closed' } on conflict (id) do nothing
    delete
  }
  when plan = 'pro' as pro { derive email = 'pro' }
  otherwise as kept { derive email = 'kept' }
  stages { first sample 20 rows seed 3 then verified  rest then verified }
  pace { batch 20 to 50 rows }
}
)";
const char* const kAccounts = "SELECT id, quote(email), plan, closed FROM accounts ORDER BY id";
const char* const kMade = "SELECT account_id, quote(name), kind, seats FROM profiles ORDER BY account_id";
const char* const kArchived = "SELECT id, quote(email), plan, closed, why FROM archive ORDER BY id";

execute::VerifyReport verified(const Program& program) {
  return must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
}

}  // namespace

TEST_CASE("an insert makes a row for each candidate that has none, once") {
  Database database;
  make_accounts_and_profiles(database, 500);
  give_keys(database);
  const std::string before = database.content(kMade);
  Program program(database, kProfiles);
  const auto dry = must(execute::dry_run(program.subject, {}));
  REQUIRE(dry.effects.size() == 1);
  CHECK(dry.effects[0].rows == 429);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.add_up());
  CHECK(report.outcomes.candidates == 429);
  CHECK(report.late == 0);
  CHECK(report.outcomes.unchanged == 2);           // 4 and 5 have one
  CHECK(report.outcomes.quarantined == 101 - 14);  // seats of 400 and more
  CHECK(report.outcomes.changed == 429 - 2 - (101 - 14));
  CHECK(database.number("SELECT count(*) FROM profiles") == report.outcomes.changed + 2);
  CHECK(database.number("SELECT count(*) FROM profiles AS p JOIN accounts AS a ON a.id = p.account_id WHERE "
                        "p.name = a.email AND p.seats = a.id") == report.outcomes.changed);
  CHECK(database.content("SELECT name FROM profiles WHERE account_id IN (4, 5)") == "theirs|\ntheirs too|\n");
  CHECK(report.verifications.size() == 2);
  const auto verify = verified(program);
  CHECK(verify.mismatches == 0);
  CHECK(verify.clean());

  Program again(database, kProfiles);
  const auto second = again.run();
  CHECK(second.outcomes.changed == 0);

  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == report.outcomes.changed);
  CHECK(database.content(kMade) == before);
}

TEST_CASE("what is moved elsewhere is deleted only if it has arrived, and outcomes are counted by name") {
  for (const auto engine : {execute::EngineChoice::Evaluator, execute::EngineChoice::Both}) {
    Database database;
    make_accounts_and_profiles(database, 500);
    const std::string accounts = database.content(kAccounts), archive = database.content(kArchived);
    Program program(database, kArchive);
    program.subject.engine = engine;
    const auto dry = must(execute::dry_run(program.subject, {}));
    REQUIRE(dry.by_outcome.size() == 3);
    CHECK(dry.by_outcome[0].rows == 100);
    const auto report = program.run();
    INFO(report.message);
    REQUIRE(report.end == RunEnd::Finished);
    CHECK(report.outcomes.add_up());
    CHECK(report.outcomes.changed == 499);
    CHECK(report.outcomes.unchanged == 1);  // 10 is in the archive already: neither moved nor deleted
    REQUIRE(report.by_outcome.size() == 3);
    CHECK(report.by_outcome[0].name == "archived");
    CHECK(report.by_outcome[0].rows == 100);
    CHECK(report.by_outcome[1].rows == 133);
    CHECK(report.by_outcome[2].rows == 267);
    const auto status = must(execute::status(program.subject.url, 1));
    REQUIRE(status);
    CHECK(status->by_outcome.size() == 3);
    CHECK(status->by_outcome[2].rows == 267);
    CHECK(database.number("SELECT count(*) FROM accounts WHERE closed = 1") == 1);
    CHECK(database.number("SELECT count(*) FROM archive WHERE why = 'closed'") == 99);
    CHECK(database.content("SELECT why FROM archive WHERE id = 10") == "there already|\n");
    const auto verify = verified(program);
    CHECK(verify.mismatches == 0);
    CHECK(verify.clean());
    const auto back = must(execute::rollback(program.subject, {.run = 1}));
    CHECK(back.restored == 499);
    CHECK(database.content(kAccounts) == accounts);
    CHECK(database.content(kArchived) == archive);
  }
}

TEST_CASE("a row that was changed since it was inserted is seen by the verification and not taken back") {
  Database database;
  make_accounts_and_profiles(database, 60);
  give_keys(database);
  Program program(database, kProfiles);
  const auto report = program.run();
  REQUIRE(report.end == RunEnd::Finished);
  database.script(
      "UPDATE profiles SET name = 'changed' WHERE account_id = 1; DELETE FROM profiles WHERE account_id = 2;"
      "UPDATE profiles SET kind = 'robot' WHERE account_id = 3;");
  const auto verify = verified(program);
  CHECK(verify.mismatches == 2);  // the kind was not given
  REQUIRE(verify.samples.size() == 2);
  CHECK(verify.samples[0].column.find("profiles") != std::string::npos);
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == report.outcomes.changed - 3);
  CHECK(back.changed_since == 3);
  CHECK(database.content("SELECT account_id FROM profiles ORDER BY account_id") == "1|\n3|\n4|\n5|\n");
}

TEST_CASE("rows that a run inserts into the scanned table are no candidates of it") {
  Database database;
  database.script(
      R"(CREATE TABLE lines (id INTEGER PRIMARY KEY, amount BIGINT NOT NULL, mirror_of BIGINT UNIQUE);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 300)
    INSERT INTO lines SELECT i, i, NULL FROM n;)");
  Program program(database, R"(backfill mirrored {
  table lines key (id)
  scope { where amount > 0 }
  insert into lines { id = id + 1000, amount = amount, mirror_of = id } on conflict (mirror_of) do nothing
  pace { batch 20 to 50 rows }
}
)");
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 300);
  CHECK(report.late == 0);
  CHECK(database.number("SELECT count(*) FROM lines") == 600);
  CHECK(verified(program).clean());
  const auto back = must(execute::rollback(program.subject, {.run = 1}));
  CHECK(back.restored == 300);
  CHECK(database.number("SELECT count(*) FROM lines") == 300);
}

TEST_CASE("a run that moves rows and is killed anywhere ends as one that was not") {
  Database pristine;
  make_accounts_and_profiles(pristine, 200);
  std::string accounts, archive;
  {
    Database control;
    control.copy_from(pristine);
    REQUIRE(Program(control, kArchive).run().end == RunEnd::Finished);
    accounts = control.content(kAccounts);
    archive = control.content(kArchived);
  }
  for (const char* point : {"after_begin:2", "after_corrections:2", "before_commit:3", "after_commit:1"}) {
    INFO(point);
    Database database;
    database.copy_from(pristine);
    Program program(database, kArchive);
    CHECK(program.run_and_crash(point));
    const auto report = program.run();
    CHECK(report.end == RunEnd::Finished);
    CHECK(report.by_outcome.at(0).rows == 40);
    CHECK(database.content(kAccounts) == accounts);
    CHECK(database.content(kArchived) == archive);
  }
}
