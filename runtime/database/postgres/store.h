// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "runtime/database/store.h"

namespace backfill::database::postgres {

// `conninfo`: a URL postgres://... or postgresql://..., as libpq takes it.
Result<std::unique_ptr<Store>> open(const std::string& conninfo, const OpenOptions& options);

}  // namespace backfill::database::postgres
