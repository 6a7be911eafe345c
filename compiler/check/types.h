// SPDX-License-Identifier: Apache-2.0
// Types as a spec writes them.
#pragma once

#include "compiler/check/context.h"

namespace backfill::check {

// Reports a name that is no type, and arguments that do not fit it; then Kind::Error.
stdlib::Type type_of(Context& context, const syntax::Type& type);

}  // namespace backfill::check
