// SPDX-License-Identifier: Apache-2.0
// A database of its own for each test of the store.
#pragma once

#include "tests/runtime/database/fixture.h"

namespace backfill::database::test {

class Postgres : public Database {
 public:
  explicit Postgres(std::string_view sql) : Database(sql, conformance::Backend::Postgres) {}
};

}  // namespace backfill::database::test
