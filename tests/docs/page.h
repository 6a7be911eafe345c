// SPDX-License-Identifier: Apache-2.0
// The fenced blocks of a Markdown page: ```sql schema, ```backfill good, ```backfill bad.
#pragma once

#include <catch2/catch.hpp>

#include <string>
#include <vector>

namespace backfill::test {

inline std::vector<std::string> blocks(const std::string& page, const std::string& kind) {
  std::vector<std::string> found;
  const std::string open = "```" + kind + "\n";
  for (std::size_t at = page.find(open); at != std::string::npos; at = page.find(open, at + 1)) {
    const std::size_t begin = at + open.size();
    const std::size_t end = page.find("```", begin);
    REQUIRE(end != std::string::npos);
    found.push_back(page.substr(begin, end - begin));
  }
  return found;
}

}  // namespace backfill::test
