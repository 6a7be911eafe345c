// SPDX-License-Identifier: Apache-2.0
// A backfill's whole life, command by command, against a real SQLite file.
#include <catch2/catch.hpp>

#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/runtime/cli/sandbox.h"

using backfill::test::check_golden;
using backfill::test::Ran;
using backfill::test::Sandbox;
using Json = nlohmann::json;

namespace {

const std::string kRun = "run accounts.backfill --db sqlite:shop.db --yes --quiet --engine evaluator";

void golden(const Sandbox& sandbox, const std::string& name, const std::string& arguments) {
  check_golden(sandbox, name, arguments, sandbox.run(arguments));
}

std::string statuses(const Sandbox& sandbox) {
  return sandbox.value(
      "SELECT group_concat(id || ':' || coalesce(status, '-'), ' ') FROM (SELECT * FROM accounts ORDER BY "
      "id)");
}

void finish(const Sandbox& sandbox) {
  REQUIRE(sandbox.run(kRun).exit == 3);
  REQUIRE(sandbox.run("approve --db sqlite:shop.db --by 'accounts team'").exit == 0);
  REQUIRE(sandbox.run(kRun).exit == 4);
}

}  // namespace

TEST_CASE("review: plan, sql and dry run write nothing") {
  const Sandbox sandbox;
  const std::string before = sandbox.read("shop.db");
  golden(sandbox, "plan", "plan accounts.backfill --schema schema.sql");
  golden(sandbox, "plan_db", "plan accounts.backfill --db sqlite:shop.db");
  golden(sandbox, "dry_run", "dry-run accounts.backfill --db sqlite:shop.db --engine evaluator");
  golden(sandbox, "sql_dialect", "sql accounts.backfill --schema schema.sql --dialect postgres");
  golden(sandbox, "sql_dialect_unknown", "sql accounts.backfill --schema schema.sql --dialect oracle");
  CHECK(sandbox.run("sql accounts.backfill candidates --schema schema.sql").exit == 0);
  CHECK(sandbox.run("sql accounts.backfill watch --schema schema.sql").exit == 0);
  CHECK(sandbox.run("sql accounts.backfill verify --schema schema.sql").exit == 0);
  CHECK(sandbox.read("shop.db") == before);
}

TEST_CASE("a run is refused where nobody can be asked") {
  const Sandbox sandbox;
  golden(sandbox, "run_nobody_to_ask", "run accounts.backfill --db sqlite:shop.db");
  CHECK(sandbox.value("SELECT count(*) FROM accounts WHERE status IS NOT NULL") == "1");
  golden(sandbox, "run_workers", "run accounts.backfill --db sqlite:shop.db --yes --workers 4");
  sandbox.write("unicode.backfill",
                "backfill unicode {\n  table accounts key (id)\n  derive status = upper(email)\n}\n");
  const Ran refused = sandbox.run("run unicode.backfill --db sqlite:shop.db --yes --require-sql mariadb");
  CHECK(refused.exit == 1);
  CHECK(refused.err.find("BF0902") != std::string::npos);
  CHECK(sandbox.value("SELECT count(*) FROM accounts WHERE status IS NOT NULL") == "1");
  golden(sandbox, "rollback_nobody_to_ask", "rollback --db sqlite:shop.db");
}

TEST_CASE("run, gate, approval, resume, verify, tamper, triage, rollback") {
  const Sandbox sandbox;
  const std::string before = statuses(sandbox);
  golden(sandbox, "run_to_gate", kRun);
  golden(sandbox, "status_waiting", "status --db sqlite:shop.db");
  golden(sandbox, "approve_nobody", "approve --db sqlite:shop.db");
  golden(sandbox, "approve_by_another", "approve --db sqlite:shop.db --by Ann");
  golden(sandbox, "approve", "approve --db sqlite:shop.db --by 'accounts team'");
  golden(sandbox, "run_resumed", kRun);
  CHECK(statuses(sandbox) == "1:active 2:- 3:- 4:- 5:deleted 6:- 7:- 8:active 9:inactive 10:-");
  golden(sandbox, "verify", "verify --full --db sqlite:shop.db");
  golden(sandbox, "history", "history 1 --db sqlite:shop.db");
  golden(sandbox, "history_key", "history --table accounts --key 5 --db sqlite:shop.db");
  golden(sandbox, "runs", "runs --db sqlite:shop.db");

  sandbox.sql("UPDATE accounts SET status = 'banned' WHERE id = 5");
  golden(sandbox, "verify_tampered", "verify --full --db sqlite:shop.db");
  golden(sandbox, "triage", "triage 1 --full --db sqlite:shop.db");
  golden(sandbox, "rollback_dry", "rollback 1 --dry-run --db sqlite:shop.db");
  golden(sandbox, "rollback", "rollback 1 --yes --quiet --db sqlite:shop.db");
  CHECK(sandbox.value("SELECT status FROM accounts WHERE id = 5") == "banned");
  sandbox.sql("UPDATE accounts SET status = NULL WHERE id = 5");
  CHECK(statuses(sandbox) == before);
}

TEST_CASE("what follows a run works, or says why not, where an input column was dropped") {
  const Sandbox sandbox;
  finish(sandbox);
  sandbox.sql("ALTER TABLE accounts DROP COLUMN plan_code; DELETE FROM accounts WHERE id = 8");
  golden(sandbox, "verify_dropped", "verify --full --db sqlite:shop.db");
  golden(sandbox, "triage_dropped", "triage --db sqlite:shop.db");
  CHECK(sandbox.run("history --db sqlite:shop.db").exit == 0);
  golden(sandbox, "rollback_dropped_dry", "rollback --dry-run --db sqlite:shop.db");
  golden(sandbox, "rollback_dropped", "rollback --yes --quiet --db sqlite:shop.db");
  CHECK(Json::parse(sandbox.run("verify --json --db sqlite:shop.db").out)["exit"] == 1);
}

TEST_CASE("a rollback is refused where a column that it would restore was dropped") {
  const Sandbox sandbox;
  finish(sandbox);
  sandbox.sql("ALTER TABLE accounts DROP COLUMN seats");
  golden(sandbox, "rollback_no_target", "rollback --yes --quiet --db sqlite:shop.db");
}

TEST_CASE("verify and triage tell of rows that were deleted, triage counts causes") {
  const Sandbox sandbox;
  finish(sandbox);
  sandbox.sql("DELETE FROM accounts WHERE id = 5");
  golden(sandbox, "verify_deleted", "verify --full --db sqlite:shop.db");
  CHECK(Json::parse(sandbox.run("verify --full --json --db sqlite:shop.db").out)["gone"] == 1);
  sandbox.sql(
      "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 129)"
      "INSERT INTO accounts (id, is_active, plan_code) SELECT i, 1, 'pro' FROM n");
  golden(sandbox, "triage_many", "triage --full --db sqlite:shop.db");
  const Json report = Json::parse(sandbox.run("triage --full --json --db sqlite:shop.db").out);
  CHECK(report["causes_are_complete"] == true);
  CHECK(report["causes"][0]["values"] == 30);
  CHECK(report["samples"].size() == 20);
}

TEST_CASE("a run that does not exist") {
  const Sandbox sandbox;
  golden(sandbox, "status_none", "status --db sqlite:shop.db");
  golden(sandbox, "verify_none", "verify 7 --db sqlite:shop.db");
}

TEST_CASE("--json prints one document, and nothing else on stdout") {
  const Sandbox sandbox;
  finish(sandbox);
  for (const char* arguments : {"check accounts.backfill --schema schema.sql",
                                "plan accounts.backfill --schema schema.sql",
                                "sql accounts.backfill --schema schema.sql",
                                "test accounts.backfill --schema schema.sql --evaluator",
                                "dry-run accounts.backfill --db sqlite:shop.db",
                                "runs --db sqlite:shop.db",
                                "status --db sqlite:shop.db",
                                "verify --db sqlite:shop.db",
                                "triage --db sqlite:shop.db",
                                "history --db sqlite:shop.db",
                                "rollback --dry-run --db sqlite:shop.db",
                                "schema --db sqlite:shop.db",
                                "functions",
                                "functions lower",
                                "explain",
                                "explain BF0401",
                                "init accounts --db sqlite:shop.db",
                                "fmt accounts.backfill",
                                "stop --db sqlite:shop.db",
                                "status 99 --db sqlite:shop.db",
                                "check nowhere.backfill --schema schema.sql",
                                "lsp"}) {
    INFO(arguments);
    const Ran ran = sandbox.run(std::string(arguments) + " --json");
    CHECK(Json::accept(ran.out));
    if (Json::accept(ran.out)) CHECK(Json::parse(ran.out).is_object());
  }
}

TEST_CASE("run --json prints a line per event, the report last") {
  const Sandbox sandbox;
  const Ran ran = sandbox.run(kRun + " --json");
  CHECK(ran.exit == 3);
  std::istringstream lines(ran.out);
  Json last;
  for (std::string line; std::getline(lines, line);) {
    REQUIRE(Json::accept(line));
    last = Json::parse(line);
  }
  CHECK(last["event"] == "report");
  CHECK(last["exit"] == 3);
  CHECK(last["outcomes"]["add_up"] == true);
  CHECK(last["classes"]["candidate"].get<int>() > 0);
}

TEST_CASE("both engines agree in a run") {
  const Sandbox sandbox;
  const Ran ran = sandbox.run("run accounts.backfill --db sqlite:shop.db --yes --engine both --json");
  CHECK(ran.exit == 3);
}
