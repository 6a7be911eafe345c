// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/target.h"

namespace backfill::check {

void check_unsupported(Context& context) {
  const syntax::Backfill& spec = context.spec();
  if (context.reports_file)
    for (const syntax::SourceFile& source : context.file().sources)
      context.not_supported_yet(source.span, "`source`");
  for (const syntax::SourceFile& source : spec.sources) context.not_supported_yet(source.span, "`source`");
}

}  // namespace backfill::check
