// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sqlite/assisted.h"

namespace backfill::database::sqlite {

Result<void> register_assisted(const Connection& connection) {
  static_cast<void>(connection);
  return {};
}

}  // namespace backfill::database::sqlite
