// SPDX-License-Identifier: Apache-2.0
// Calls: null handling from the function's null rule, once for all; then inline vector code or the native
// body.
#include <algorithm>

#include "compiler/lower/llvm/block.h"
#include "stdlib/abi.h"

namespace backfill::lower_llvm {

using ir::Expr;
using ir::Op;
using stdlib::Function;
using stdlib::Inline;
using stdlib::NullRule;
using stdlib::Physical;

namespace {

std::uint32_t error_bits(const Function& function) {
  std::uint32_t bits = 0;
  for (const stdlib::RowError error : function.errors) bits |= static_cast<std::uint32_t>(error);
  // A row that forgets to say so must not make an error disappear.
  return bits != 0 ? bits : static_cast<std::uint32_t>(stdlib::RowError::Overflow);
}

bool is_comparison(Inline op) {
  return op >= Inline::Equal && op <= Inline::GreaterEqual;
}

}  // namespace

Lanes Block::call(const Expr& expr) {
  const std::vector<Lanes> arguments = emit_arguments(expr);
  const Inline op = expr.function->inlined;
  if (op == Inline::None) {
    Checked part;
    if (!date_part(expr, arguments, part)) return native(expr, arguments, native_mask(expr, arguments));
    return finish(expr, arguments, {.physical = stdlib::physical(expr.type), .value = part.value}, nullptr);
  }
  if (op == Inline::Distinct || op == Inline::NotDistinct)
    return distinct(expr, arguments, op == Inline::NotDistinct);
  if (op == Inline::Greatest || op == Inline::Least) return extreme(expr, arguments, op == Inline::Greatest);
  if (op == Inline::NullIf) return null_if(expr, arguments);
  for (const Lanes& argument : arguments) {  // `missing + 1`
    if (argument.literal_missing)
      return finish(expr, arguments, absent(stdlib::physical(expr.type)), nullptr);
  }
  Lanes result;
  result.physical = stdlib::physical(expr.type);
  if (is_comparison(op)) {
    result.value = compare(op, arguments[0], arguments[1], native_mask(expr, arguments));
    return finish(expr, arguments, result, nullptr);
  }
  Checked out;
  const bool known =
      op == Inline::Convert || op == Inline::DateFromTimestamp || op == Inline::TimestampFromDate
          ? convert(expr, arguments[0], out)
          : arithmetic(expr, arguments, out);
  if (!known || out.value == nullptr || out.value->getType() != vector_of(scalar_type(result.physical))) {
    return refuse(std::string("no native code for `") + std::string(expr.function->name) +
                  "` of these types");
  }
  result.value = out.value;
  if (result.physical == Physical::Text) result.size = arguments[0].size;
  return finish(expr, arguments, result, out.bad);
}

Lanes Block::finish(const Expr& expr, std::span<const Lanes> arguments, Lanes result, llvm::Value* bad) {
  llvm::Value* present = nullptr;
  llvm::Value* failed = nullptr;
  for (const Lanes& argument : arguments) {
    if (stdlib::is_strict(expr.function->null_rule)) present = both(present, argument.valid);
    failed = either(failed, argument.failed);
    result.errors |= argument.errors;
  }
  if (bad != nullptr) bad = both(bad, present);
  result.valid = both(result.valid, present);
  if (bad != nullptr && expr.op == Op::TryCall) {
    result.valid = without(result.valid, bad);
  } else if (bad != nullptr) {
    failed = either(failed, bad);
    result.errors |= error_bits(*expr.function);
  }
  result.failed = failed;
  return result;
}

// The rows that need the call: asked for, no argument failed, and none missing where the body never sees a
// missing one.
llvm::Value* Block::native_mask(const Expr& expr, std::span<const Lanes> arguments) {
  llvm::Value* rows = mask(*regions_.of(expr));
  for (const Lanes& argument : arguments) {
    if (stdlib::is_strict(expr.function->null_rule)) rows = both(rows, argument.valid);
    rows = without(rows, argument.failed);
  }
  return rows;
}

// The declaration's scalars are those of stdlib/function.h, Native.
llvm::Function* Block::declare(const Function& function) {
  natives_.insert(&function);
  if (llvm::Function* known = module_.getFunction(function.native.symbol)) return known;
  std::vector<llvm::Type*> scalars = {b_.getPtrTy()};
  std::vector<std::pair<unsigned, llvm::Attribute::AttrKind>> extended;
  for (const Physical physical : function.native.parameters) {
    const auto position = static_cast<unsigned>(scalars.size());
    if (physical == Physical::Text) {
      scalars.insert(scalars.end(), {b_.getPtrTy(), b_.getInt64Ty()});
    } else if (physical == Physical::Int128) {
      scalars.insert(scalars.end(), {b_.getInt64Ty(), b_.getInt64Ty(), b_.getInt32Ty()});
    } else if (physical == Physical::Bool) {
      scalars.push_back(b_.getInt8Ty());
      extended.emplace_back(position, llvm::Attribute::ZExt);
    } else {
      scalars.push_back(scalar_type(physical));
      if (physical == Physical::Int16) extended.emplace_back(position, llvm::Attribute::SExt);
    }
  }
  if (function.native.wants_result) scalars.insert(scalars.end(), {b_.getInt32Ty(), b_.getInt32Ty()});
  llvm::Type* result = scalar_type(function.native.result);
  if (function.native.result == Physical::Bool) result = b_.getInt8Ty();
  if (function.native.result == Physical::Text) result = text_type();
  if (function.native.result == Physical::Int128)
    result = llvm::StructType::get(b_.getInt64Ty(), b_.getInt64Ty());
  auto* type = llvm::FunctionType::get(result, scalars, false);
  auto* declared = llvm::Function::Create(
      type, llvm::Function::ExternalLinkage,
      llvm::StringRef(function.native.symbol.data(), function.native.symbol.size()), module_);
  declared->setDoesNotThrow();
  for (const auto& [position, kind] : extended) declared->addParamAttr(position, kind);
  return declared;
}

// `rows` are those that need the call.
Lanes Block::native(const Expr& expr, std::span<const Lanes> given, llvm::Value* rows) {
  const Function& function = *expr.function;
  const stdlib::Native& native = function.native;
  const std::size_t fixed = function.variadic ? native.parameters.size() - 1 : native.parameters.size();
  if (native.address == nullptr || given.size() < fixed || (!function.variadic && given.size() != fixed)) {
    return refuse(std::string("no native code for `") + std::string(function.name) + "`");
  }
  std::vector<Lanes> arguments(given.begin(), given.end());
  std::vector<Spilled> plain(arguments.size());
  std::vector<SpilledText> texts(arguments.size());
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    Lanes& argument = arguments[k];
    const Physical wanted = k < fixed ? native.parameters[k] : Physical::Text;
    argument = as_physical(argument, wanted);
    if (!unsupported_.empty()) return absent(stdlib::physical(expr.type));
    if (!stdlib::is_strict(function.null_rule) && argument.valid != nullptr) {
      llvm::Value* zero = llvm::Constant::getNullValue(argument.value->getType());
      argument.value = b_.CreateSelect(argument.valid, argument.value, zero);
      if (wanted == Physical::Text) argument.size = b_.CreateSelect(argument.valid, argument.size, zero);
      argument.records = nullptr;
    }
    if (wanted == Physical::Text) {
      texts[k] = spill_text(argument);
    } else {
      plain[k] = spill(argument.value);
    }
  }
  Lanes result;
  result.physical = stdlib::physical(expr.type);
  llvm::Type* element = result.physical == Physical::Bool   ? b_.getInt8Ty()
                        : result.physical == Physical::Text ? static_cast<llvm::Type*>(text_type())
                                                            : scalar_type(result.physical);
  llvm::AllocaInst* results = lane_array(element);
  const bool may_fail = !function.errors.empty();
  const bool may_find_nothing = function.null_rule == NullRule::Finds;
  llvm::AllocaInst* failures = may_fail ? lane_array(b_.getInt8Ty()) : nullptr;
  llvm::AllocaInst* absent_rows = may_find_nothing ? lane_array(b_.getInt8Ty()) : nullptr;
  const std::size_t tail = given.size() - fixed;
  llvm::AllocaInst* tail_texts =
      tail == 0 && !function.variadic
          ? nullptr
          : entry_builder_.CreateAlloca(text_type(), b_.getInt64(std::max<std::size_t>(tail, 1)));
  llvm::Function* body = declare(function);

  lane_loop(rows, [&](llvm::Value* lane) {
    std::vector<llvm::Value*> scalars = {context_};
    for (std::size_t k = 0; k < arguments.size(); ++k) {
      if (arguments[k].physical == Physical::Text) {
        const TextScalar text = at(texts[k], lane);
        if (k < fixed) {
          scalars.insert(scalars.end(), {text.data, text.size});
          continue;
        }
        llvm::Value* slot = b_.CreateConstInBoundsGEP1_64(text_type(), tail_texts, k - fixed);
        b_.CreateStore(text.data, slot);
        b_.CreateStore(text.size, b_.CreateStructGEP(text_type(), slot, 1));
        continue;
      }
      llvm::Value* scalar = at(plain[k], lane);
      if (arguments[k].physical == Physical::Int128) {
        scalars.push_back(b_.CreateTrunc(scalar, b_.getInt64Ty()));
        scalars.push_back(b_.CreateTrunc(b_.CreateLShr(scalar, 64), b_.getInt64Ty()));
        scalars.push_back(b_.getInt32(expr.arguments[k]->type.scale));
      } else {
        scalars.push_back(scalar);
      }
    }
    if (function.variadic) scalars.insert(scalars.end(), {tail_texts, b_.getInt64(tail)});
    if (native.wants_result) {
      scalars.insert(scalars.end(), {b_.getInt32(expr.type.precision), b_.getInt32(expr.type.scale)});
    }
    llvm::CallInst* answer = b_.CreateCall(body, scalars);
    answer->setAttributes(body->getAttributes());
    llvm::Value* slot = element_address(results, element, lane);
    if (result.physical == Physical::Text) {
      b_.CreateStore(b_.CreateExtractValue(answer, 0), slot);
      b_.CreateStore(b_.CreateExtractValue(answer, 1), b_.CreateStructGEP(text_type(), slot, 1));
    } else if (native.result == Physical::Int128) {
      llvm::Value* low = b_.CreateZExt(b_.CreateExtractValue(answer, 0), b_.getInt128Ty());
      llvm::Value* high = b_.CreateZExt(b_.CreateExtractValue(answer, 1), b_.getInt128Ty());
      b_.CreateStore(b_.CreateTrunc(b_.CreateOr(low, b_.CreateShl(high, 64)), element), slot);
    } else {
      b_.CreateStore(answer, slot);
    }
    if (!may_fail && !may_find_nothing) return;
    llvm::Value* raised = b_.CreateLoad(b_.getInt32Ty(), context_);  // Context::errors is first
    const auto keep = [&](llvm::Value* array, llvm::Value* flag) {
      b_.CreateStore(b_.CreateZExt(flag, b_.getInt8Ty()), element_address(array, b_.getInt8Ty(), lane));
    };
    if (may_find_nothing) keep(absent_rows, b_.CreateICmpEQ(raised, b_.getInt32(stdlib::kAbsent)));
    llvm::Value* errors = may_find_nothing ? b_.CreateAnd(raised, b_.getInt32(~stdlib::kAbsent)) : raised;
    if (may_fail) keep(failures, b_.CreateIsNotNull(errors));
    b_.CreateStore(may_fail ? b_.getInt32(0) : errors, context_);  // a row that hides its errors is found out
  });

  if (result.physical == Physical::Text) {
    result.records = results;
    reload_text(result);
    if (function.null_rule == NullRule::Decides) result.valid = b_.CreateIsNotNull(result.value);
  } else {
    result.value = reload(results, element);
    if (result.physical == Physical::Bool) result.value = b_.CreateIsNotNull(result.value);
  }
  if (may_find_nothing) {
    result.valid = both(result.valid, b_.CreateIsNull(reload(absent_rows, b_.getInt8Ty())));
  }
  llvm::Value* bad = may_fail ? b_.CreateIsNotNull(reload(failures, b_.getInt8Ty())) : nullptr;
  return finish(expr, given, result, bad);
}

static_assert(offsetof(stdlib::Context, errors) == 0);

}  // namespace backfill::lower_llvm
