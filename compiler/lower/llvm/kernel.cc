// SPDX-License-Identifier: Apache-2.0
#include "compiler/lower/llvm/kernel.h"

namespace backfill::lower_llvm {

using stdlib::Physical;

Kernel::Kernel(llvm::Module& module, const ir::RowFunction& row, const Part& part,
               std::set<const stdlib::Function*>& natives)
    : module_(module), row_(row), part_(part), natives_(natives) {
  place_uses();
}

void Kernel::place_uses() {
  where_ = regions_.inside(regions_.all());
  candidates_ = regions_.inside(regions_.all());
  if (part_.classifies) {
    if (row_.guard != nullptr) regions_.use(row_.guard, regions_.all());
    if (row_.where != nullptr) regions_.use(row_.where, where_);
    Region* before = where_;
    for (const ir::Rule& rule : row_.rules) {
      rule_regions_.push_back(before = regions_.inside(before));
      regions_.use(rule.condition, before);
    }
    for (const ir::Expr* condition : row_.stage_conditions) regions_.use(condition, regions_.all());
  }
  for (const std::size_t output : part_.outputs) regions_.use(computed(row_, output), candidates_);
  for (const ir::Expr* term : part_.changed) regions_.use(term, candidates_);
  regions_.settle();
}

std::string Kernel::emit(llvm::Function& function) {
  llvm::LLVMContext& context = module_.getContext();
  llvm::BasicBlock* entry = llvm::BasicBlock::Create(context, "entry", &function);
  llvm::BasicBlock* head = llvm::BasicBlock::Create(context, "head", &function);
  llvm::BasicBlock* rows = llvm::BasicBlock::Create(context, "rows", &function);
  llvm::BasicBlock* exit = llvm::BasicBlock::Create(context, "exit", &function);
  llvm::BranchInst::Create(head, entry);
  Block block(module_, *entry, regions_, row_, natives_);
  llvm::IRBuilder<>& b = block.builder();
  llvm::Type* bits = b.getIntNTy(kLanes);

  b.SetInsertPoint(head);
  llvm::PHINode* row = b.CreatePHI(b.getInt64Ty(), 2, "row");
  row->addIncoming(b.getInt64(0), entry);
  llvm::Value* left = b.CreateNSWSub(function.getArg(2), row);
  b.CreateCondBr(b.CreateICmpSGT(left, b.getInt64(0)), rows, exit);

  b.SetInsertPoint(rows);
  llvm::Value* taken = b.CreateBinaryIntrinsic(llvm::Intrinsic::smin, left, b.getInt64(kLanes));
  llvm::Value* unused = b.CreateTrunc(b.CreateSub(b.getInt64(kLanes), taken), bits);
  llvm::Value* live = b.CreateLShr(llvm::Constant::getAllOnesValue(bits), unused);
  block.begin(row, b.CreateBitCast(live, llvm::FixedVectorType::get(b.getInt1Ty(), kLanes)));
  emit_rows(block);
  row->addIncoming(b.CreateNUWAdd(row, b.getInt64(kLanes)), b.GetInsertBlock());
  b.CreateBr(head);

  b.SetInsertPoint(exit);
  b.CreateRet(block.errors_word());
  return block.unsupported();
}

void Kernel::emit_rows(Block& block) {
  llvm::IRBuilder<>& b = block.builder();
  llvm::Value* code = part_.classifies ? classify(block) : block.load_class();
  llvm::Value* candidate = llvm::ConstantInt::get(code->getType(), ir::kCandidate);
  candidates_->condition = b.CreateICmpEQ(code, candidate);
  llvm::Value* candidates = block.mask(*candidates_);
  if (part_.classifies) {
    block.store_plain(0, code);
    emit_stages(block);
  }
  emit_outputs(block, candidates);
  emit_changed(block, candidates);
}

// As evaluate::decide walks guard, where and rules, errors included: a condition that fails makes the row
// uncertain.
llvm::Value* Kernel::classify(Block& block) {
  llvm::IRBuilder<>& b = block.builder();
  auto* codes = llvm::FixedVectorType::get(b.getInt32Ty(), kLanes);
  const auto constant = [&](std::int32_t code) {
    return llvm::ConstantInt::get(codes, static_cast<std::uint64_t>(code));
  };
  llvm::Value* open = nullptr;  // rows that nothing has settled yet; null: all
  llvm::Value* code = constant(ir::kCandidate);
  std::vector<std::pair<llvm::Value*, llvm::Value*>> settled;
  for (const ir::Expr* condition : {row_.guard, row_.where}) {
    if (condition == nullptr) continue;
    const Lanes lanes = block.emit(*condition);
    llvm::Value* holds = block.is_true(lanes);
    llvm::Value* missing = lanes.valid != nullptr ? b.CreateNot(lanes.valid) : nullptr;
    llvm::Value* unknown = block.either(missing, lanes.failed);
    llvm::Value* otherwise = constant(ir::kOutOfScope);
    if (unknown != nullptr) otherwise = b.CreateSelect(unknown, constant(ir::kUncertainWhere), otherwise);
    settled.emplace_back(block.without(open, holds), otherwise);
    block.report(lanes, block.both(open, block.mask(*regions_.all())));
    open = block.both(open, holds);
    if (condition == row_.guard) where_->condition = holds;
  }
  if (!row_.rules.empty()) code = rules(block, open);
  for (auto [rows, other] : settled) code = b.CreateSelect(rows, other, code);
  return code;
}

// Exclusions that hold come first, then reviews that hold, then answers that are missing; each in the spec's
// order.
llvm::Value* Kernel::rules(Block& block, llvm::Value* open) {
  struct Choice {
    llvm::Value* any;
    llvm::Value* code;
  };
  llvm::IRBuilder<>& b = block.builder();
  auto* codes = llvm::FixedVectorType::get(b.getInt32Ty(), kLanes);
  const auto constant = [&](std::size_t code) { return llvm::ConstantInt::get(codes, code); };
  llvm::Value* none = block.flags(false);
  Choice excluded{none, constant(0)}, review{none, constant(0)}, uncertain{none, constant(0)};
  Lanes why;  // of uncertain rows: their failure
  const auto take = [&](Choice& choice, llvm::Value* rows, std::size_t code) {
    choice.code = b.CreateSelect(choice.any, choice.code, constant(code));
    choice.any = b.CreateOr(choice.any, rows);
  };
  for (std::size_t k = 0; k < row_.rules.size(); ++k) {
    const ir::Rule& rule = row_.rules[k];
    rule_regions_[k]->condition = k == 0 ? open : b.CreateNot(excluded.any);
    const Lanes lanes = block.emit(*rule.condition);
    llvm::Value* missing =
        lanes.valid != nullptr ? block.without(b.CreateNot(lanes.valid), lanes.failed) : nullptr;
    llvm::Value* yes = block.is_true(lanes);
    llvm::Value* unknown = lanes.failed;
    if (missing != nullptr && rule.unknown == ir::UnknownAs::True) yes = b.CreateOr(yes, missing);
    if (rule.unknown == ir::UnknownAs::Uncertain) unknown = block.either(unknown, missing);
    const std::size_t code = ir::kFirstRule + 2 * k;
    take(rule.kind == ir::RuleKind::Exclude ? excluded : review, yes, code);
    if (unknown == nullptr) continue;
    if (lanes.failed != nullptr) {
      why.failed = block.either(why.failed, block.without(lanes.failed, uncertain.any));
      why.errors |= lanes.errors;
    }
    take(uncertain, unknown, code + 1);
  }
  llvm::Value* code = b.CreateSelect(uncertain.any, uncertain.code, constant(ir::kCandidate));
  code = b.CreateSelect(review.any, review.code, code);
  code = b.CreateSelect(excluded.any, excluded.code, code);
  llvm::Value* rows = block.both(open, block.mask(*regions_.all()));
  block.report(why, block.without(rows, b.CreateOr(review.any, excluded.any)));
  return code;
}

void Kernel::emit_stages(Block& block) {
  const std::size_t first = 2 + row_.outputs.size();
  for (std::size_t k = 0; k < row_.stage_conditions.size(); ++k) {
    const Lanes lanes = block.emit(*row_.stage_conditions[k]);
    block.store_plain(first + k, block.both(block.is_true(lanes), block.mask(*regions_.all())));
  }
}

// Of values: behind the stages.
std::size_t Kernel::place_of(std::size_t output) const {
  return 2 + output + (output < row_.outputs.size() ? 0 : row_.stage_conditions.size());
}

void Kernel::emit_outputs(Block& block, llvm::Value* candidates) {
  for (const std::size_t output : part_.outputs) {
    const ir::Expr& final = *computed(row_, output);
    const Lanes lanes = block.emit(final);
    block.report(lanes, candidates);
    const int input = output < row_.outputs.size() ? row_.outputs[output].input : -1;
    const stdlib::Type& type = final.type.kind == stdlib::Kind::Missing && input >= 0
                                   ? row_.inputs[static_cast<std::size_t>(input)].type
                                   : final.type;
    block.store(place_of(output), stdlib::physical(type), lanes, candidates);
  }
}

void Kernel::emit_changed(Block& block, llvm::Value* candidates) {
  if (part_.changed.empty() && !part_.classifies) return;
  llvm::Value* changed = part_.classifies ? nullptr : block.load_changed();
  for (const ir::Expr* term : part_.changed) {
    const Lanes lanes = block.emit(*term);
    block.report(lanes, candidates);
    changed = block.either(changed, block.both(block.is_true(lanes), candidates));
  }
  block.store_plain(1, changed != nullptr ? changed : block.flags(false));
}

}  // namespace backfill::lower_llvm
