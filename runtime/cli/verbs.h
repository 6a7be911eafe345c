// SPDX-License-Identifier: Apache-2.0
// All verbs. Each has a file of its own that parses flags, calls, and prints; what a verb does is elsewhere.
#pragma once

#include <span>
#include <string_view>

#include "runtime/cli/command.h"

namespace backfill::cli {

int check(Command& command, Arguments arguments);
int fmt_verb(Command& command, Arguments arguments);
int plan(Command& command, Arguments arguments);
int sql(Command& command, Arguments arguments);
int test(Command& command, Arguments arguments);
int dry_run(Command& command, Arguments arguments);
int run(Command& command, Arguments arguments);
int runs(Command& command, Arguments arguments);
int status(Command& command, Arguments arguments);
int watch(Command& command, Arguments arguments);
int pause(Command& command, Arguments arguments);
int resume(Command& command, Arguments arguments);
int stop(Command& command, Arguments arguments);
int approve(Command& command, Arguments arguments);
int verify(Command& command, Arguments arguments);
int triage(Command& command, Arguments arguments);
int history(Command& command, Arguments arguments);
int rollback(Command& command, Arguments arguments);
int schema(Command& command, Arguments arguments);
int functions(Command& command, Arguments arguments);
int explain(Command& command, Arguments arguments);
int init(Command& command, Arguments arguments);
int lsp(Command& command, Arguments arguments);

struct Verb {
  std::string_view name;
  std::string_view purpose;  // verbs of one purpose stand together in the overview
  std::string_view summary;
  int (*run)(Command& command, Arguments arguments);
};

std::span<const Verb> verbs();

}  // namespace backfill::cli
