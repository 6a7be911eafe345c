// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/overview.h"

#include <fmt/format.h>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/terminal.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

void print_overview() {
  const Paint paint = paint_for(stdout);
  fmt::print("{}backfill{}: production data backfills as reviewed, staged, verified, reversible rollouts\n\n",
             paint.bold, paint.off);
  fmt::print("usage: backfill VERB [arguments]\n");
  std::string_view purpose;
  for (const Verb& verb : verbs()) {
    if (verb.purpose != purpose) fmt::print("\n{}{}{}\n", paint.bold, verb.purpose, paint.off);
    purpose = verb.purpose;
    fmt::print("  {:10} {}\n", verb.name, verb.summary);
  }
  fmt::print(
      "\nThe usual way: init, check, test, plan, dry-run, run, verify. `backfill VERB --help` teaches each "
      "one.\n"
      "Exit codes: 0 done, 1 spec or arguments are wrong, 2 the environment failed, 3 waiting, 4 finished "
      "with a\n"
      "residue, 5 a bug of ours.\n");
}

int unknown_verb(std::string_view given) {
  std::vector<std::string> names;
  for (const Verb& verb : verbs()) names.emplace_back(verb.name);
  const std::string near = diagnostic::nearest(given, names);
  const Paint paint = paint_for(stderr);
  fmt::print(stderr, "{}error:{} `{}` is not a verb of backfill\n", paint.bad, paint.off, given);
  fmt::print(stderr, "  {}help:{} {}\n", paint.bold, paint.off,
             near.empty() ? "`backfill` alone lists them" : fmt::format("did you mean `backfill {}`?", near));
  return kWrong;
}

}  // namespace backfill::cli
