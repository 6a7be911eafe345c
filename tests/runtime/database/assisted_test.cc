// SPDX-License-Identifier: Apache-2.0
#include <set>

#include "stdlib/function.h"
#include "tests/runtime/database/fixture.h"

using backfill::database::test::Database;
namespace stdlib = backfill::stdlib;

TEST_CASE("assisted functions can be told apart by name and number of arguments", "[sqlite]") {
  std::set<std::string> seen;
  for (const stdlib::Function& function : stdlib::functions()) {
    const auto& sql = function.in(stdlib::Dialect::Sqlite);
    if (sql.availability != stdlib::Availability::Assisted) continue;
    INFO(stdlib::signature(function));
    CHECK(sql.text.starts_with("backfill_"));
    CHECK(seen.insert(fmt::format("{}{}", sql.text.substr(0, sql.text.find('(')), function.parameters.size()))
              .second);
  }
  CHECK_FALSE(seen.empty());
}

TEST_CASE("assisted functions give our meaning, and NULL for a row error", "[sqlite]") {
  const Database database;
  CHECK(database.ask("SELECT backfill_lower('\xC3\x89' || 'A'), backfill_lower(NULL)") ==
        "\xC3\xA9"
        "a|NULL");
  CHECK(database.ask("SELECT backfill_reverse('abc'), backfill_lower(x'ff')") == "cba|NULL");
  CHECK(database.ask("SELECT backfill_levenshtein('ab', 'b'), backfill_url_decode('%4')") == "1|NULL");
}
