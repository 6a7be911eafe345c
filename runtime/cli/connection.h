// SPDX-License-Identifier: Apache-2.0
// Which database a command means: --db, BACKFILL_DB, or an entry of backfill.toml.
#pragma once

#include <filesystem>
#include <string>

#include "compiler/source/result.h"

namespace backfill::cli {

// `given` may be empty (then BACKFILL_DB), a URL, or the name of an entry of the backfill.toml that is found
// upwards from `near` (a spec's path; empty: from here). Entries:
//   [database.production]
//   url = "sqlite:shop.db"            relative paths are relative to the file
//   password_env = "SHOP_PASSWORD"    the variable that holds the password; a password never stands in the
//   file
Result<std::string> database_url(const std::string& given, const std::string& near);

// The backfill.toml that is found upwards from `near`; empty: there is none.
std::filesystem::path settings_file(const std::string& near);

// Where compiled code is kept: $XDG_CACHE_HOME/backfill, or ~/.cache/backfill; empty where there is neither.
std::string cache_directory();

}  // namespace backfill::cli
