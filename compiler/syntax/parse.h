// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/tree.h"

namespace backfill::syntax {

// Always gives a tree, of what could be parsed; every clause that could not has a diagnostic in the sink.
std::unique_ptr<File> parse(const source::File& file, diagnostic::Sink& sink);

}  // namespace backfill::syntax
