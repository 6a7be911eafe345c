// SPDX-License-Identifier: Apache-2.0
// Which rows are as a snapshot saw them, told by the transaction that made each row's version (xmin). Source:
// PostgreSQL's documentation, "Transactions and Identifiers", "System Columns": a transaction with a number
// below the snapshot's xmin had ended, subtransactions included; numbers are given out in order, and compared
// modulo 2^32.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "compiler/source/result.h"
#include "runtime/database/postgres/connection.h"

namespace backfill::database::postgres {

// Of the snapshot of the transaction that is open: `system identifier/xmin`. Empty: this role may not ask.
[[nodiscard]] Result<std::string> horizon_of(const Connection& connection);

// How many transactions ago it was, for the one that is open. Nothing: it cannot be told (another server, too
// long ago).
[[nodiscard]] Result<std::optional<std::int64_t>> age_of(const Connection& connection,
                                                         std::string_view horizon);
// Those that wrote a run's corrections, as an array of xid. Nothing: too many.
[[nodiscard]] Result<std::optional<std::string>> transactions_of(const Connection& connection,
                                                                 const std::string& corrections);

struct Since {
  std::int64_t age = 0;
  std::string own;
};
// Row `t` has come to be since then by somebody else's doing: its xmin is no older and not one of `own`.
[[nodiscard]] std::string is_since(const Since& since);

}  // namespace backfill::database::postgres
