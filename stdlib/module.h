// SPDX-License-Identifier: Apache-2.0
// The modules that are written in the language itself: stdlib/modules/*.backfill, put into the program at
// build time.
#pragma once

#include <span>
#include <string_view>

namespace backfill::stdlib {

struct Module {
  std::string_view name;  // "std.text"
  std::string_view text;
};

std::span<const Module> modules();  // by name
const Module* find_module(std::string_view name);

}  // namespace backfill::stdlib
