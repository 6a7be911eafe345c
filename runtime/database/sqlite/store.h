// SPDX-License-Identifier: Apache-2.0
// SQLite behind the port.
#pragma once

#include "runtime/database/store.h"

namespace backfill::database::sqlite {

// `path` without a scheme. Never creates a file.
Result<std::unique_ptr<Store>> open(const std::string& path, const OpenOptions& options);

}  // namespace backfill::database::sqlite
