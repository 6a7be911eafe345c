// SPDX-License-Identifier: Apache-2.0
// From the syntax tree to the typed program: names, types, missing values, classes, intent. What the language
// has and this version does not yet implement is answered with BF0901, never ignored.
#pragma once

#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/schema/catalog.h"
#include "compiler/syntax/tree.h"

namespace backfill::check {

// One Backfill per `backfill` of the file whose table is known; whole and right only if the sink has no
// errors. The results point into `catalog` and into the function table.
std::vector<ir::Backfill> check(const syntax::File& file, const schema::Catalog& catalog,
                                diagnostic::Sink& sink);

// A scope of more rows than this needs stages, rollback and verify (LANGUAGE.md, Proportion).
constexpr std::int64_t kLargeScope = 100'000;

}  // namespace backfill::check
