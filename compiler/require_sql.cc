// SPDX-License-Identifier: Apache-2.0
#include "compiler/require_sql.h"

#include <fmt/format.h>

#include "compiler/lower/sql/statements.h"

namespace backfill::compiler {

namespace {

// A reason says why, and behind the semicolon which portable form there is.
diagnostic::Diagnostic refusal(const lower_sql::Part& part) {
  diagnostic::Diagnostic diagnostic{.code = diagnostic::Code::NotInSql, .span = part.span};
  const std::size_t portable = part.reason.rfind("; ");
  diagnostic.message = part.reason.substr(0, portable);
  diagnostic.help = portable == std::string::npos
                        ? "without --require-sql this part is verified by the reference evaluator"
                        : part.reason.substr(portable + 2);
  return diagnostic;
}

}  // namespace

void require_sql(const ir::Backfill& backfill, const lower_sql::Dialect& dialect, diagnostic::Sink& sink) {
  const lower_sql::Coverage coverage = lower_sql::coverage(backfill, dialect);
  const auto refuse = [&](const lower_sql::Part& part, std::string_view what) {
    if (part.availability != stdlib::Availability::Unavailable) return;
    diagnostic::Diagnostic diagnostic = refusal(part);
    diagnostic.notes.push_back(
        fmt::format("{} of `{}` is to be verified by {}'s own SQL", what, backfill.name, dialect.name()));
    sink.report(std::move(diagnostic));
  };
  refuse(coverage.scope, "the scope");
  for (const lower_sql::Part& part : coverage.outputs) refuse(part, fmt::format("`{}`", part.name));
  for (const lower_sql::Part& part : coverage.effects) refuse(part, fmt::format("`{}`", part.name));
}

}  // namespace backfill::compiler
