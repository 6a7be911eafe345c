// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/syntax/node.h"
#include "compiler/syntax/tree.h"

namespace backfill::syntax {

// The tree from the parser's nodes. `complete`: no clause was lost on the way.
std::unique_ptr<File> build(std::vector<Node> nodes, bool complete, const source::File& file,
                            diagnostic::Sink& sink);

}  // namespace backfill::syntax
