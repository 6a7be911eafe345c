// SPDX-License-Identifier: Apache-2.0
// How PostgreSQL itself spells the types of a table's columns, asked once per table.
#pragma once

#include <string>
#include <vector>

#include "compiler/ir/ir.h"
#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

struct StoredType {
  std::string spelled;   // format_type: "character varying(40)", "public.status"
  bool is_enum = false;  // or a domain over one: needs an explicit cast
  bool is_text = false;  // has a collation: comparisons of values must not follow it
  bool is_json = false;  // json, which has no equality
  bool is_domain = false;
};

// One per column of the table, in the schema's order. A column that is gone is a Failure.
Result<std::vector<StoredType>> stored_types(const Connection& connection, const schema::Table& table);

}  // namespace backfill::database::postgres
