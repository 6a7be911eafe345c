// SPDX-License-Identifier: Apache-2.0
// Lists made element by element. All rows of the block go over their lists together: in each turn of the loop
// a row has one element, or is done. What does not depend on the element is computed before the loop.
#include <unordered_set>

#include "compiler/lower/llvm/block.h"
#include "stdlib/list_walk.h"

namespace backfill::lower_llvm {

using ir::Expr;
using stdlib::Physical;

namespace {

// The nodes below that read the element, or that of a list inside: those whose loop we are in are known.
class Dependents {
 public:
  explicit Dependents(const std::unordered_map<const Expr*, Lanes>& done) : done_(done) {}

  bool holds(const Expr& expr) {
    if (expr.op == ir::Op::Element) return !done_.contains(&expr);
    if (const auto known = known_.find(&expr); known != known_.end()) return known->second;
    bool depends = false;
    for (const Expr* argument : expr.arguments) depends = holds(*argument) || depends;
    return known_[&expr] = depends;
  }
  [[nodiscard]] const std::unordered_map<const Expr*, bool>& all() const { return known_; }

 private:
  const std::unordered_map<const Expr*, Lanes>& done_;
  std::unordered_map<const Expr*, bool> known_;
};

}  // namespace

void Block::emit_independent(const Expr& expr, llvm::function_ref<bool(const Expr&)> depends,
                             std::unordered_set<const Expr*>& seen) {
  if (!seen.insert(&expr).second) return;
  if (!depends(expr)) {
    emit(expr);
    return;
  }
  for (const Expr* argument : expr.arguments) emit_independent(*argument, depends, seen);
}

Lanes Block::walk_call(const stdlib::Function& function, const std::vector<Lanes>& arguments,
                       llvm::Value* rows) {
  Expr call{.op = ir::Op::Call, .type = stdlib::make(stdlib::Kind::Json), .function = &function};
  return native(call, arguments, rows);
}

llvm::AllocaInst* Block::text_array() {
  llvm::AllocaInst* array = lane_array(text_type());
  array->setAlignment(llvm::Align(64));
  return array;
}

Lanes Block::plain_text(const Lanes& lanes) {
  Lanes plain;
  plain.physical = Physical::Text;
  plain.value = lanes.value;
  plain.size = lanes.size;
  return plain;
}

// Its mask may be a wider one yet, of what was emitted before the loop.
void Block::begin_region(Region& region, llvm::Value* rows) {
  region.condition = rows;
  region.mask = rows;
}

Lanes Block::text_at(llvm::AllocaInst* records) {
  Lanes lanes;
  lanes.physical = Physical::Text;
  lanes.records = records;
  reload_text(lanes);
  lanes.records = nullptr;  // it changes under way
  return lanes;
}

void Block::store_text(const Lanes& lanes, llvm::AllocaInst* records, llvm::Value* rows) {
  const Lanes kept = choose(rows, lanes, text_at(records));
  std::vector<int> order;
  for (int k = 0; k < static_cast<int>(kLanes); ++k) {
    order.push_back(k);
    order.push_back(k + static_cast<int>(kLanes));
  }
  b_.CreateAlignedStore(b_.CreateShuffleVector(kept.value, kept.size, order), records, llvm::Align(64));
}

Lanes Block::each(const Expr& expr) {
  const stdlib::ListWalk& walk = stdlib::list_walk();
  const Expr& element = *expr.arguments[1];
  const Lanes list = emit(*expr.arguments[0]);
  Dependents dependents(done_);
  std::unordered_set<const Expr*> seen;
  for (const std::size_t part : {2U, 3U})
    emit_independent(*expr.arguments[part], [&](const Expr& node) { return dependents.holds(node); }, seen);
  llvm::Value* asks = without(both(mask(*regions_.of(expr)), list.valid), list.failed);

  llvm::AllocaInst* rest = text_array();
  llvm::AllocaInst* made = text_array();
  llvm::AllocaInst* failures = lane_array(b_.getInt8Ty());
  const Lanes empty = constant_text("");
  store_text(empty, rest, flags(true));
  store_text(empty, made, flags(true));
  store_text(list, rest, asks);

  llvm::Function* function = entry_.getParent();
  llvm::BasicBlock* head = llvm::BasicBlock::Create(llvm_, "elements", function);
  llvm::BasicBlock* work = llvm::BasicBlock::Create(llvm_, "element", function);
  llvm::BasicBlock* after = llvm::BasicBlock::Create(llvm_, "listed", function);
  b_.CreateBr(head);
  b_.SetInsertPoint(head);
  const Lanes left = text_at(rest);
  llvm::Value* failed_before = b_.CreateIsNotNull(reload(failures, b_.getInt8Ty()));
  llvm::Value* active =
      without(both(asks, b_.CreateICmpSGT(left.size, splat(b_.getInt64Ty(), 2))), failed_before);
  b_.CreateCondBr(b_.CreateIsNotNull(b_.CreateBitCast(active, b_.getIntNTy(kLanes))), work, after);

  b_.SetInsertPoint(work);
  Lanes one = choose(active, walk_call(walk.element, {left}, active), constant_text("null"));
  done_[&element] = one;
  begin_region(*regions_.argument(expr, 3), active);
  const Lanes condition = emit(*expr.arguments[3]);
  llvm::Value* stays = both(is_true(condition), active);
  begin_region(*regions_.argument(expr, 2), stays);
  const Lanes value = as_physical(emit(*expr.arguments[2]), Physical::Text);
  Lanes written = value.valid == nullptr ? value : choose(value.valid, value, constant_text("null"));
  written.valid = nullptr;
  llvm::Value* grows = without(stays, value.failed);
  const Lanes more = walk_call(walk.add, {text_at(made), plain_text(written)}, grows);
  llvm::Value* failed = failed_before;
  if (condition.failed != nullptr) failed = either(failed, both(condition.failed, active));
  if (value.failed != nullptr) failed = either(failed, both(value.failed, stays));
  failed = either(failed, both(more.failed, grows));
  b_.CreateStore(b_.CreateZExt(failed, vector_of(b_.getInt8Ty())), failures);
  store_text(more, made, without(grows, more.failed));
  store_text(walk_call(walk.after, {left}, active), rest, active);
  for (const auto& [node, depends] : dependents.all()) {
    if (depends) done_.erase(node);
  }
  done_.erase(&element);
  b_.CreateBr(head);

  b_.SetInsertPoint(after);
  Lanes out = walk_call(walk.closed, {text_at(made)}, asks);
  out.valid = list.valid;
  out.failed = either(list.failed, failed_before);
  out.errors = list.errors | condition.errors | value.errors | more.errors;
  return out;
}

}  // namespace backfill::lower_llvm
