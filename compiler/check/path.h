// SPDX-License-Identifier: Apache-2.0
// Which part of a JSON column an expression reads, and whether two parts share something.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::check {

// A column, or what stands in it at a path (a JSON array of keys and positions; "[]": the whole).
struct Part {
  int input = -1;
  std::string path = "[]";
};

// Is one path the beginning of the other? Positions count as equal: -1 may be any.
bool overlap(std::string_view left, std::string_view right);
// Every part that some node below reads: `settings['a']['b']` reads that alone. Linear in the distinct nodes.
std::vector<Part> parts_read(const ir::Expr& expr);

}  // namespace backfill::check
