// SPDX-License-Identifier: Apache-2.0
#include "runtime/file/headers.h"

#include <fmt/format.h>

#include <set>

#include "runtime/file/reader.h"

namespace backfill::file {

void report_headers(const std::vector<ir::Backfill>& programs, diagnostic::Sink& sink) {
  std::set<std::uint32_t> done;
  for (const ir::Backfill& program : programs) {
    for (const ir::SourceFile& source : *program.sources) {
      if (!done.insert(source.span.begin).second) continue;
      for (const std::string& problem : lacks(source))
        sink.report({.code = diagnostic::Code::SourceHeader,
                     .span = source.span,
                     .message = fmt::format("{}: {}", source.file, problem),
                     .help = "name the fields as the header of the file does"});
    }
  }
}

}  // namespace backfill::file
