// SPDX-License-Identifier: Apache-2.0
// One machine function over a batch: the loop over blocks of rows and what it decides in each.
#pragma once

#include <llvm/IR/Module.h>

#include <set>
#include <string>

#include "compiler/ir/ir.h"
#include "compiler/lower/llvm/block.h"
#include "compiler/lower/llvm/parts.h"

namespace backfill::lower_llvm {

class Kernel {
 public:
  Kernel(llvm::Module& module, const ir::RowFunction& row, const Part& part,
         std::set<const stdlib::Function*>& natives);

  // Empty: done. Else what native code cannot do.
  std::string emit(llvm::Function& function);

 private:
  void place_uses();
  void emit_rows(Block& block);
  llvm::Value* classify(Block& block);
  llvm::Value* rules(Block& block, llvm::Value* open);
  void emit_stages(Block& block);
  void emit_outputs(Block& block, llvm::Value* candidates);
  [[nodiscard]] std::size_t place_of(std::size_t output) const;
  void emit_changed(Block& block, llvm::Value* candidates);

  llvm::Module& module_;
  const ir::RowFunction& row_;
  const Part& part_;
  std::set<const stdlib::Function*>& natives_;
  Regions regions_;
  Region* where_ = nullptr;  // rows whose guard holds
  Region* candidates_ = nullptr;
  std::vector<Region*> rule_regions_;  // rows for which rule k can still matter
};

}  // namespace backfill::lower_llvm
