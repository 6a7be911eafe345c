// SPDX-License-Identifier: Apache-2.0
// Where in the lazy operations (case, and, or, ??) an expression is asked for. A region is a set of rows; a
// node that is used in several places belongs to the smallest region around all of them, so that it is
// computed once.
//
// Regions are about cost alone: calls are skipped in rows outside. Errors travel with the values
// (Lanes::failed) and are selected like them, so that a row which never asks for a value never sees its
// error.
#pragma once

#include <llvm/IR/Value.h>

#include <deque>
#include <span>
#include <unordered_map>
#include <vector>

#include "compiler/ir/ir.h"

namespace backfill::lower_llvm {

struct Region {
  Region* parent = nullptr;  // null: all rows of the block
  int depth = 0;
  llvm::Value* condition = nullptr;  // <kLanes x i1>, set when it is emitted; null: as the parent
  llvm::Value* mask = nullptr;       // condition and parent's mask; made on first use
};

class Regions {
 public:
  Regions() { regions_.emplace_back(); }

  Region* all() { return &regions_.front(); }
  Region* inside(Region* parent);
  // To be called for every expression that will be emitted, before `settle`.
  void use(const ir::Expr* expr, Region* region);
  // Finds the region of every expression below those used. Linear but for the depth of nested lazy
  // operations.
  void settle();

  Region* of(const ir::Expr& expr) const { return places_.at(&expr).region; }
  // The region in which the lazy `expr` asks for its argument k.
  Region* argument(const ir::Expr& expr, std::size_t k) const { return places_.at(&expr).arguments[k]; }
  [[nodiscard]] std::size_t size() const { return places_.size(); }

 private:
  struct Place {
    Region* region = nullptr;
    std::vector<Region*> arguments;
  };
  void order(const ir::Expr* expr);
  void widen(const ir::Expr* expr, Region* region);
  void place_arguments(const ir::Expr& expr, Place& place);

  std::deque<Region> regions_;
  std::unordered_map<const ir::Expr*, Place> places_;
  std::vector<const ir::Expr*> operands_first_;
};

// Number of distinct nodes below `roots`.
std::size_t count_nodes(std::span<const ir::Expr* const> roots);

}  // namespace backfill::lower_llvm
