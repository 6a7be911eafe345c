// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/verbs.h"

namespace backfill::cli {

int lsp(Command& command, Arguments arguments) {
  command.teach("A language server on stdin and stdout. It is not in this version.");
  command.example("backfill check SPEC --format json --schema FILE", "gives an editor the same diagnostics");
  if (const auto exit = command.parse(arguments)) return *exit;
  return command.wrong("the language server is not in this version",
                       "`backfill check --format json` gives the same diagnostics");
}

}  // namespace backfill::cli
