// SPDX-License-Identifier: Apache-2.0
// What follows from a PostgreSQL catalog's parts, the same for DDL text and for a live server.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/schema/catalog.h"

namespace backfill::database::postgres {

// Resolves domains and enums, fills in types, what foreign keys hand on, and who has children; sorts
// everything whose order means nothing. `sql_type` of a domain's column names the domain until here.
// O(catalog * log).
void finish_catalog(schema::Catalog& catalog);

// Of the collation that DDL or the server names: the default one, C, POSIX.
bool compares_by_bytes(std::string_view collation);

// The server's words for the letters of pg_constraint and of the parser.
std::string action_name(char letter);
// `RANGE` for the letters of pg_partitioned_table; trigger events in one order: `INSERT OR UPDATE OF a, b`.
// Bits as in pg_trigger.tgtype.
std::string trigger_events(unsigned bits, const std::vector<std::string>& update_columns);
std::string trigger_timing(unsigned bits);
bool is_row_trigger(unsigned bits);

}  // namespace backfill::database::postgres
