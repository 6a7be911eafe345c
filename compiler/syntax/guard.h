// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "compiler/diagnostic/diagnostic.h"

namespace backfill::syntax {

// Is this a text that the parser can take: UTF-8, no control characters, not too large? Else one diagnostic.
bool guard(const source::File& file, diagnostic::Sink& sink);

}  // namespace backfill::syntax
