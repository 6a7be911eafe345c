// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/five_ways.h"

namespace backfill::test {

std::vector<SqlServer*> all_servers() {
#if __has_include("tests/servers/mariadb.h")
  return {&sqlite(), &postgres(), &mariadb()};
#else
  return {&sqlite(), &postgres()};
#endif
}

}  // namespace backfill::test
