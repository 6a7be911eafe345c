// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "compiler/source/source.h"
#include "compiler/syntax/tree.h"

namespace backfill::syntax {

// The file in its canonical layout. Only whitespace between tokens changes, so the meaning and the comments
// cannot. A file with syntax errors (`tree.complete` is false) comes back as it is.
std::string format(const File& tree, const source::File& file);

}  // namespace backfill::syntax
