// SPDX-License-Identifier: Apache-2.0
// Types as a spec writes them.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// "an int64?", "a text".
std::string with_article(const stdlib::Type& type);

// Reports a name that is no type, and arguments that do not fit it; then Kind::Error.
stdlib::Type type_of(Context& context, const syntax::Type& type);

}  // namespace backfill::check
