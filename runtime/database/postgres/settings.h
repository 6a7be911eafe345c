// SPDX-License-Identifier: Apache-2.0
// What generated SQL rests on, and what keeps a run from standing in others' way.
#pragma once

#include <fmt/format.h>

#include <array>
#include <string>
#include <string_view>

namespace backfill::database::postgres {

struct Setting {
  std::string_view name, value;
};

// Set for every transaction. row_security off: a policy that would hide rows is an error, not a smaller
// table. No parallel workers: the other cores are the application's (a writer beside a run on two cores
// waited 60 ms at the 99th percentile with them, 10 without).
inline constexpr std::array kPinned = {
    Setting{"TimeZone", "UTC"},
    Setting{"DateStyle", "ISO, YMD"},
    Setting{"IntervalStyle", "postgres"},
    Setting{"extra_float_digits", "1"},
    Setting{"bytea_output", "hex"},
    Setting{"standard_conforming_strings", "on"},
    Setting{"lc_monetary", "C"},
    Setting{"array_nulls", "on"},
    Setting{"transform_null_equals", "off"},
    Setting{"xmloption", "content"},
    Setting{"row_security", "off"},
    Setting{"jit", "off"},
    Setting{"max_parallel_workers_per_gather", "0"},
};

// Nobody's own lower(text) is called, and a temporary table does not stand in for one of the bookkeeping.
inline constexpr Setting kSearchPath{"search_path", "pg_catalog, backfill, pg_temp"};

// While rows of the application's tables are written: its triggers and the functions of its checks look for
// what they name in the path that the role or the database sets.
inline constexpr std::string_view kApplicationsPath = "SET LOCAL search_path TO DEFAULT;";
[[nodiscard]] inline std::string our_path() {
  return fmt::format("SET LOCAL {} = {};", kSearchPath.name, kSearchPath.value);
}

// Given by the server, for it to be as our SQL needs it.
inline constexpr std::array kGiven = {
    Setting{"server_encoding", "UTF8"},
    Setting{"integer_datetimes", "on"},
};

// What a batch waits at most for a row that somebody else has locked, and what a statement of it may take:
// rows that it has locked by then keep others waiting.
inline constexpr int kLockMs = 1'000;
inline constexpr int kStatementMs = 30'000;

// A reader blocks nobody, however long it takes.
inline constexpr std::string_view kNoLimit = "SET LOCAL statement_timeout = 0;";

inline constexpr int kOldestServer = 150000;

}  // namespace backfill::database::postgres
