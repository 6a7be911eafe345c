// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>

#include "tests/runtime/cli/sandbox.h"

using backfill::test::check_golden;
using backfill::test::Ran;
using backfill::test::Sandbox;

namespace {

void golden(const Sandbox& sandbox, const std::string& name, const std::string& arguments) {
  check_golden(sandbox, name, arguments, sandbox.run(arguments));
}

constexpr const char* kWrong = R"(backfill wrong {
  table accounts key (id)
  scope { where statsu is missing }
  derive seats = 'many'
}
)";

}  // namespace

TEST_CASE("check prints diagnostics and one summary line, and ends with 1") {
  const Sandbox sandbox;
  sandbox.write("wrong.backfill", kWrong);
  golden(sandbox, "check_clean", "check accounts.backfill --schema schema.sql");
  golden(sandbox, "check_errors", "check accounts.backfill wrong.backfill --schema schema.sql");
  golden(sandbox, "check_github", "check wrong.backfill --schema schema.sql --format github");
  golden(sandbox, "check_json", "check wrong.backfill --schema schema.sql --format json");
}

TEST_CASE("check says what is missing") {
  const Sandbox sandbox;
  golden(sandbox, "check_no_schema", "check accounts.backfill");
  golden(sandbox, "check_no_schema_file", "check accounts.backfill --schema nowhere.sql");
  golden(sandbox, "check_no_spec", "check nowhere.backfill --schema schema.sql");
  golden(sandbox, "check_junit", "check accounts.backfill --schema schema.sql --format junit");
}

TEST_CASE(
    "a database that cannot be read is the environment's failure, a name that means nothing a mistake") {
  const Sandbox sandbox;
  sandbox.write("text.db", std::string(4096, 'x'));
  for (const std::string verb :
       {"check accounts.backfill", "init accounts", "plan accounts.backfill", "schema"}) {
    INFO(verb);
    for (const char* db : {"sqlite:nowhere.db", "sqlite:.", "sqlite:text.db"}) {
      INFO(db);
      CHECK(sandbox.run(verb + " --db " + db).exit == 2);
      CHECK(sandbox.run(verb, std::string("BACKFILL_DB=") + db).exit == 2);
    }
    CHECK(sandbox.run(verb + " --db shop").exit == 1);
    CHECK(sandbox.run(verb).exit == 1);
    if (verb != "schema") CHECK(sandbox.run(verb + " --schema nowhere.sql").exit == 1);
  }
}

TEST_CASE("fmt formats in place, once, and leaves alone what does not parse") {
  const Sandbox sandbox;
  sandbox.write("loose.backfill", "backfill   b { table accounts key (id)\n derive   seats=1 }\n");
  golden(sandbox, "fmt_check", "fmt --check loose.backfill");
  golden(sandbox, "fmt", "fmt loose.backfill");
  CHECK(sandbox.run("fmt --check loose.backfill").exit == 0);
  const std::string broken = "backfill b { table }\n";
  sandbox.write("broken.backfill", broken);
  CHECK(sandbox.run("fmt broken.backfill").exit == 1);
  CHECK(sandbox.read("broken.backfill") == broken);
  const Ran piped = sandbox.run("fmt -", "", "loose.backfill");
  CHECK(piped.exit == 0);
  CHECK(piped.out == sandbox.read("loose.backfill"));
}

TEST_CASE("a spec's tests run, fail visibly, and end with 1") {
  const Sandbox sandbox;
  golden(sandbox, "test_passes", "test accounts.backfill --schema schema.sql --evaluator");
  golden(sandbox, "test_coverage", "test accounts.backfill --schema schema.sql --evaluator --coverage");
  golden(sandbox, "test_tap", "test accounts.backfill --schema schema.sql --evaluator --format tap");
  std::string text = sandbox.read("accounts.backfill");
  text.replace(text.find("seats: 5 }"), 10, "seats: 6 }");
  text.replace(text.find("excluded locked"), 15, "review ambiguous");
  sandbox.write("accounts.backfill", text);
  golden(sandbox, "test_fails", "test accounts.backfill --schema schema.sql --evaluator");
}

TEST_CASE("init writes a spec that checks, schema a file that checks the same") {
  const Sandbox sandbox;
  golden(sandbox, "init", "init accounts --db sqlite:shop.db");
  sandbox.write("first.backfill", sandbox.run("init accounts --db sqlite:shop.db").out);
  CHECK(sandbox.run("check first.backfill --db sqlite:shop.db").exit == 0);
  CHECK(sandbox.run("fmt --check first.backfill").exit == 0);
  CHECK(sandbox.run("test first.backfill --db sqlite:shop.db --evaluator").exit == 0);
  sandbox.sql("CREATE TABLE \"a \"\"b\"\"\" (id INTEGER PRIMARY KEY, \"c\"\"d\" TEXT)");
  const Ran quoted = sandbox.run("init 'a \"b\"' --db sqlite:shop.db");
  sandbox.write("quoted.backfill", quoted.out);
  CHECK(sandbox.run("check quoted.backfill --db sqlite:shop.db").exit == 0);
  golden(sandbox, "init_no_table", "init acounts --db sqlite:shop.db");
  const Ran written = sandbox.run("schema --db sqlite:shop.db");
  CHECK(written.exit == 0);
  sandbox.write("dump.sql", written.out);
  const auto hash = [&](const char* from) {
    const std::string plan = sandbox.run(std::string("plan accounts.backfill --json --schema ") + from).out;
    return plan.substr(plan.find("\"schema_fingerprint\""), 45);
  };
  CHECK(hash("schema.sql") == hash("dump.sql"));
}

TEST_CASE("functions and explain") {
  const Sandbox sandbox;
  golden(sandbox, "functions_unknown", "functions splt_part");
  CHECK(sandbox.run("functions split_part").out.find("split_part(") != std::string::npos);
  CHECK(sandbox.run("functions").exit == 0);
  CHECK(sandbox.run("explain BF0401").exit == 0);
  CHECK(sandbox.run("explain 401").out == sandbox.run("explain BF0401").out);
  golden(sandbox, "explain_unknown", "explain BF9999");
}

TEST_CASE("databases are named by URL, variable or backfill.toml") {
  const Sandbox sandbox;
  sandbox.write("backfill.toml",
                "[database.shop]\nurl = \"sqlite:shop.db\"\n[database.secret]\nurl = \"postgres://u:p@h/d\"\n"
                "[database.far]\nurl = \"postgres://u@h/d\"\npassword_env = \"NOT_SET_ANYWHERE\"\n");
  CHECK(sandbox.run("runs --db shop").out == "nothing has run in this database\n");
  CHECK(sandbox.run("runs", "BACKFILL_DB=sqlite:shop.db").exit == 0);
  golden(sandbox, "db_none", "runs");
  golden(sandbox, "db_near", "runs --db shpo");
  golden(sandbox, "db_password_in_file", "runs --db secret");
  golden(sandbox, "db_password_not_set", "runs --db far");
  CHECK(sandbox.run("runs --db secret").err.find("u:p@") == std::string::npos);
}

TEST_CASE("warnings can be denied, and parts without exact SQL refused") {
  const Sandbox sandbox;
  sandbox.write("warned.backfill", R"(backfill warned {
  table accounts key (id)
  derive status = case is_active { true -> 'on', false -> 'off', else -> 'other' }
}
)");
  sandbox.write("unicode.backfill", R"(backfill unicode {
  table accounts key (id)
  derive status = upper(email)
}
)");
  golden(sandbox, "check_warned", "check warned.backfill --schema schema.sql");
  golden(sandbox, "check_denied", "check warned.backfill --schema schema.sql --deny warnings");
  golden(sandbox, "check_require_sql",
         "check unicode.backfill --schema schema.sql --require-sql sqlite --require-sql mariadb");
  const Ran json = sandbox.run("check unicode.backfill --schema schema.sql --require-sql mariadb --json");
  CHECK(json.exit == 1);
  CHECK(json.out.find("\"code\": \"BF0902\"") != std::string::npos);
  golden(sandbox, "plan_require_sql", "plan unicode.backfill --schema schema.sql --require-sql mariadb");
  CHECK(sandbox.run("plan unicode.backfill --schema schema.sql --require-sql sqlite").exit == 0);
  CHECK(sandbox.run("plan unicode.backfill --schema schema.sql --require-sql oracle").exit == 1);
}
