// SPDX-License-Identifier: Apache-2.0
// A spec compiled against a schema of DDL text, as the tool does it: no mocks.
#pragma once

#include <catch2/catch.hpp>

#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "compiler/compile.h"
#include "compiler/evaluate/evaluate.h"
#include "compiler/require_sql.h"
#include "runtime/database/ddl_dialect.h"

namespace backfill::test {

inline std::string read(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  INFO(path);
  REQUIRE(in.good());
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

inline schema::Catalog catalog_of(const std::string& ddl) {
  Result<schema::Catalog> catalog = database::catalog_from_text(ddl, "schema.sql");
  if (!catalog.ok()) FAIL("the schema does not load: " << catalog.failure().message);
  return *std::move(catalog);
}

// Not to be moved: the programs and the sink point into it.
struct Compiled {
  Compiled(const std::string& name, std::string text, schema::Catalog tables)
      : file(name, std::move(text)), catalog(std::move(tables)), sink(file) {
    backfills = compiler::compile(file, catalog, sink);
  }
  // As --require-sql asks.
  void require_sql(const lower_sql::Dialect& dialect) {
    if (sink.has_errors()) return;
    for (const ir::Backfill& backfill : backfills) compiler::require_sql(backfill, dialect, sink);
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  [[nodiscard]] std::string rendered() const { return diagnostic::render(sink, false); }
  [[nodiscard]] std::vector<std::string> codes() const {
    std::vector<std::string> all;
    for (const diagnostic::Diagnostic& one : sink.sorted()) all.emplace_back(diagnostic::text(one.code));
    return all;
  }
  // The one program of a spec that must be right.
  [[nodiscard]] const ir::Backfill& program() const {
    INFO(rendered());
    REQUIRE_FALSE(sink.has_errors());
    REQUIRE(backfills.size() == 1);
    return backfills[0];
  }

  source::File file;
  schema::Catalog catalog;
  diagnostic::Sink sink;
  std::vector<ir::Backfill> backfills;
};

}  // namespace backfill::test
