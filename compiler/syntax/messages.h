// SPDX-License-Identifier: Apache-2.0
// What a failed rule tells the user.
#pragma once

#include "compiler/syntax/collect.h"

namespace backfill::syntax {

// `blank`: the whitespace that ends where the failure is, if any.
diagnostic::Diagnostic explain(const Failure& failure, const source::File& file, source::Span blank);
diagnostic::Diagnostic too_many(source::Span span, std::size_t most);

}  // namespace backfill::syntax
