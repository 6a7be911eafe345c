// SPDX-License-Identifier: Apache-2.0
// What all measurements share.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace backfill::bench {

// A measurement has no other use for a failure.
[[noreturn]] void die(const std::string& what);

[[nodiscard]] double seconds(const std::function<void()>& work);

// `binary run arguments... --yes --quiet` in a process of its own, without its output. Dies unless it ends
// with one of those codes.
void backfill_run(const std::string& binary, std::vector<std::string> arguments,
                  const std::vector<int>& allowed = {0});

}  // namespace backfill::bench
