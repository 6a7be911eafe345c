// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/case_mapping.h"

namespace backfill::database::postgres {

namespace {

// Of the pairs (lower, upper) of all code points but NUL and the surrogates, in order.
constexpr std::string_view kUnicode15 = "3db5debd2d7b255c20029674952ca264";

constexpr std::string_view kDigest = R"(SELECT md5(string_agg(
  lower(chr(point) COLLATE "C.utf8") || upper(chr(point) COLLATE "C.utf8"), '' ORDER BY point))
FROM generate_series(1, 1114111) AS point
WHERE point NOT BETWEEN 55296 AND 57343)";

constexpr std::string_view kCollation =
    "SELECT count(*) FROM pg_catalog.pg_collation WHERE collname = 'C.utf8' AND collnamespace = "
    "'pg_catalog'::regnamespace";

}  // namespace

Result<bool> maps_case_as_we_do(const Connection& connection) {
  BACKFILL_ASSIGN(const TextRows known, connection.query(kCollation));
  if (known.rows.at(0).at(0) != "1") return false;
  BACKFILL_ASSIGN(const TextRows digest, connection.query(kDigest));
  return digest.rows.at(0).at(0) == kUnicode15;
}

}  // namespace backfill::database::postgres
