// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <tuple>

#include "compiler/diagnostic/diagnostic.h"

namespace backfill::diagnostic {

void Sink::report(Diagnostic diagnostic) {
  if (row(diagnostic.code).is_error) ++errors_;
  diagnostics_.push_back(std::move(diagnostic));
}

std::vector<Diagnostic> Sink::sorted() const {
  std::vector<Diagnostic> result = diagnostics_;
  const auto place = [](const Diagnostic& d) { return std::tuple(d.span.begin, d.span.end, d.code); };
  std::stable_sort(result.begin(), result.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return place(a) < place(b); });
  return result;
}

}  // namespace backfill::diagnostic
