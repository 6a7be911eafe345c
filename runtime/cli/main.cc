// SPDX-License-Identifier: Apache-2.0
// The program: finds the verb and hands over. Nothing is built that the verb does not need, so that --help is
// instant.
#include <fmt/format.h>

#include "runtime/cli/overview.h"
#include "runtime/cli/verbs.h"

namespace {

int dispatch(int count, char** values) {
  using namespace backfill::cli;
  const std::string_view given = values[0];
  const bool helps = given == "help";
  const std::string_view name = helps && count > 1 ? values[1] : given;
  for (const Verb& verb : verbs()) {
    if (verb.name != name) continue;
    Command command(verb.name, verb.summary);
    char help[] = "--help";
    char* asked[] = {help};
    return helps ? verb.run(command, {1, asked}) : verb.run(command, {count - 1, values + 1});
  }
  if (helps || given == "--help" || given == "-h") {
    if (helps && count > 1) return unknown_verb(name);
    print_overview();
    return kDone;
  }
  return unknown_verb(name);
}

}  // namespace

int main(int argc, char** argv) {
  using namespace backfill::cli;
  if (argc < 2) {
    print_overview();
    return kDone;
  }
  if (std::string_view(argv[1]) == "--version") {
    fmt::print("backfill {}\n", kVersion);
    return kDone;
  }
  const int exit = dispatch(argc - 1, argv + 1);
  // What was asked for did not arrive: a full disk or a closed pipe must not look like success.
  if (std::fflush(stdout) != 0 && exit == kDone) {
    fmt::print(stderr, "error: cannot write to stdout\n");
    return kEnvironment;
  }
  return exit;
}
