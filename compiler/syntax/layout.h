// SPDX-License-Identifier: Apache-2.0
// What the formatter must know of a file's structure: where lines begin, and what stands in columns.
#pragma once

#include <vector>

#include "compiler/syntax/scan.h"
#include "compiler/syntax/tree.h"

namespace backfill::syntax {

// One clause that is aligned with its neighbours of the same group: `cells` are the tokens that begin its
// columns.
struct Row {
  int group = 0;
  std::size_t first = 0, last = 0;                 // tokens
  std::vector<std::pair<int, std::size_t>> cells;  // column number, token
};

struct Layout {
  std::vector<Token> tokens;
  std::vector<std::size_t> parent;  // of each token: the innermost open bracket, or none
  std::vector<bool> begins_line;    // a clause, an arm, or the brace that closes a block
  std::vector<bool> is_block;       // an opening brace whose content is lines
  std::vector<Row> rows;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
};

Layout lay_out(const File& tree, const source::File& file);

}  // namespace backfill::syntax
