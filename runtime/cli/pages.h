// SPDX-License-Identifier: Apache-2.0
// docs/diagnostics/*.md, put into the program at build time (embed_pages.cmake) so that it needs no files.
#pragma once

#include <span>
#include <string_view>

namespace backfill::cli {

struct Page {
  std::string_view code;  // "BF0201"
  std::string_view text;  // Markdown
};

std::span<const Page> pages();  // by code; may be empty

}  // namespace backfill::cli
