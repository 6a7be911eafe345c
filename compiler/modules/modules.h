// SPDX-License-Identifier: Apache-2.0
// `use`: the functions of modules are put beside those of the spec. A module holds functions and further
// uses, nothing else.
#pragma once

#include <string>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/tree.h"

namespace backfill::modules {

// Reads what `tree` uses and adds its functions, each once. Standard modules are in the program; a file is
// looked for among those that `file` keeps (see kept_text), else beside it. What is wrong is reported at the
// `use`.
void load(const source::File& file, syntax::File& tree, diagnostic::Sink& sink);

// The text of a spec with the files that it uses kept in comments at its end: compiled again, it means the
// same, whatever has become of the files. The text itself where it uses none. Of a spec that compiles.
std::string kept_text(const source::File& file);

}  // namespace backfill::modules
