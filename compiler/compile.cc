// SPDX-License-Identifier: Apache-2.0
#include "compiler/compile.h"

#include "compiler/check/check.h"
#include "compiler/modules/modules.h"
#include "compiler/syntax/parse.h"

namespace backfill::compiler {

std::vector<ir::Backfill> compile(const source::File& file, const schema::Catalog& catalog,
                                  diagnostic::Sink& sink) {
  // Text to tree: what does not parse is reported and left out.
  const auto tree = syntax::parse(file, sink);
  // What follows from a clause that is not in the tree would be noise: the syntax errors come first.
  if (!tree->complete || sink.has_errors()) return {};
  // The functions of modules, beside those of the spec.
  modules::load(file, *tree, sink);
  if (sink.has_errors()) return {};
  // Names, types, missing values, classes; every operator becomes a row of the function table.
  return check::check(*tree, catalog, sink);
}

}  // namespace backfill::compiler
