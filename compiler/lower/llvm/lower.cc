// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/llvm/lower.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/lower/llvm/kernel.h"

namespace backfill::lower_llvm {
namespace {

constexpr std::size_t kMostNodes = 20'000;  // about ten seconds of compilation

llvm::Function* declare_kernel(llvm::Module& module, const std::string& name, bool external) {
  llvm::LLVMContext& context = module.getContext();
  llvm::Type* pointer = llvm::PointerType::get(context, 0);
  auto* type = llvm::FunctionType::get(llvm::Type::getInt32Ty(context),
                                       {pointer, pointer, llvm::Type::getInt64Ty(context), pointer}, false);
  auto* function = llvm::Function::Create(
      type, external ? llvm::Function::ExternalLinkage : llvm::Function::InternalLinkage, name, module);
  function->setDoesNotThrow();
  for (const unsigned argument : {0U, 1U, 3U}) function->addParamAttr(argument, llvm::Attribute::NoAlias);
  return function;
}

// Calls the parts one after the other: later ones read the class that the first has stored.
void emit_driver(llvm::Module& module, const std::vector<llvm::Function*>& parts) {
  llvm::Function* kernel = declare_kernel(module, std::string(kKernelSymbol), true);
  llvm::IRBuilder<> b(llvm::BasicBlock::Create(module.getContext(), "entry", kernel));
  std::vector<llvm::Value*> arguments;
  for (llvm::Argument& argument : kernel->args()) arguments.push_back(&argument);
  llvm::Value* errors = b.getInt32(0);
  b.CreateStore(b.getInt32(0), kernel->getArg(3));  // Context::errors
  for (llvm::Function* part : parts) errors = b.CreateOr(errors, b.CreateCall(part, arguments));
  // What a native raised though its row of the table says that it cannot fail.
  b.CreateRet(b.CreateOr(errors, b.CreateLoad(b.getInt32Ty(), kernel->getArg(3))));
}

std::size_t count_all(const ir::RowFunction& row) {
  std::vector<const ir::Expr*> roots = {row.where, row.guard, row.changed};
  for (const ir::Rule& rule : row.rules) roots.push_back(rule.condition);
  for (const ir::Output& output : row.outputs) roots.push_back(output.final);
  roots.insert(roots.end(), row.values.begin(), row.values.end());
  roots.insert(roots.end(), row.stage_conditions.begin(), row.stage_conditions.end());
  return count_nodes(roots);
}

}  // namespace

Result<Lowered> lower(const ir::Backfill& backfill, llvm::LLVMContext& context,
                      const llvm::DataLayout& layout, std::string_view triple) {
  const std::size_t nodes = count_all(backfill.row);
  if (nodes > kMostNodes) {
    return fatal(
        fmt::format("the derivations of {} are too large for native code ({} expressions, {} at most)",
                    backfill.name, nodes, kMostNodes),
        "the reference evaluator runs them; or divide the backfill");
  }
  Lowered lowered{std::make_unique<llvm::Module>("backfill", context), {}};
  llvm::Module& module = *lowered.module;
  module.setDataLayout(layout);
  module.setTargetTriple(llvm::StringRef(triple.data(), triple.size()));
  std::set<const stdlib::Function*> natives;
  std::vector<llvm::Function*> functions;
  for (const Part& part : divide(backfill.row)) {
    functions.push_back(declare_kernel(module, fmt::format("part_{}", functions.size()), false));
    const std::string unsupported = Kernel(module, backfill.row, part, natives).emit(*functions.back());
    if (!unsupported.empty()) return fatal(unsupported, "the reference evaluator runs it");
  }
  emit_driver(module, functions);
  lowered.natives.assign(natives.begin(), natives.end());
  std::sort(lowered.natives.begin(), lowered.natives.end(),
            [](const auto* left, const auto* right) { return left->native.symbol < right->native.symbol; });
  return lowered;
}

}  // namespace backfill::lower_llvm
