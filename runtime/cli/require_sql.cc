// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/require_sql.h"

#include <fmt/format.h>

#include "compiler/require_sql.h"
#include "runtime/cli/dialect.h"

namespace backfill::cli {

void RequireSql::declare(Command& command) {
  command.options("--require-sql", dialects, "DIALECT",
                  "refuse what the SQL of sqlite, postgres or mariadb cannot compute exactly");
}

std::optional<int> RequireSql::wrong(const Command& command) const {
  for (const std::string& dialect : dialects) {
    if (dialect != "sqlite" && dialect != "postgres" && dialect != "mariadb")
      return command.wrong(fmt::format("there is no dialect `{}`", dialect),
                           "there are sqlite, postgres and mariadb");
  }
  return std::nullopt;
}

void RequireSql::report(const std::vector<ir::Backfill>& programs, diagnostic::Sink& sink) const {
  if (sink.has_errors()) return;
  for (const ir::Backfill& program : programs) {
    for (const std::string& dialect : dialects) compiler::require_sql(program, dialect_named(dialect), sink);
  }
}

}  // namespace backfill::cli
