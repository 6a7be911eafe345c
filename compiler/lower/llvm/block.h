// SPDX-License-Identifier: Apache-2.0
// Emits the expressions of one kernel for one block of kLanes rows: vector IR for what has vector
// instructions, loops over the rows that ask for it (lane_loop) for text and function calls. Everything is in
// one basic block but for those loops.
#pragma once

#include <llvm/ADT/STLFunctionalExtras.h>
#include <llvm/IR/IRBuilder.h>
#include <llvm/IR/Module.h>

#include <map>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "compiler/ir/ir.h"
#include "compiler/lower/llvm/lanes.h"
#include "compiler/lower/llvm/regions.h"

namespace backfill::lower_llvm {

// A value and the lanes in which computing it went wrong (null: none).
struct Checked {
  llvm::Value* value = nullptr;
  llvm::Value* bad = nullptr;
};

// A vector that a lane loop reads one lane at a time.
struct Spilled {
  llvm::Value* source = nullptr;  // an array of kLanes elements, or one scalar for all lanes
  llvm::Type* element = nullptr;
  bool same = false;
};
struct SpilledText {
  Spilled data, size;              // where there are no records
  llvm::Value* records = nullptr;  // array of kLanes stdlib::Text
};
struct TextScalar {
  llvm::Value* data = nullptr;
  llvm::Value* size = nullptr;
};

enum class DateUnit : std::uint8_t { Year, Quarter, Month, Week, Day, Hour, Minute, Second };

class Block {
 public:
  // `entry` ends before its terminator; allocas and column addresses go there.
  Block(llvm::Module& module, llvm::BasicBlock& entry, Regions& regions, const ir::RowFunction& row,
        std::set<const stdlib::Function*>& natives);

  llvm::IRBuilder<>& builder() { return b_; }
  // Starts a block of rows: index of its first row, and which of its lanes are rows.
  void begin(llvm::Value* first_row, llvm::Value* live);
  const Lanes& emit(const ir::Expr& expr);
  llvm::Value* mask(Region& region);  // <kLanes x i1>

  // true, present and not failed
  llvm::Value* is_true(const Lanes& lanes);
  llvm::Value* load_class();  // of the block, as another kernel has stored it
  llvm::Value* load_changed();
  // Writes where `rows` is set; elsewhere the row is missing and its slot zero.
  void store(std::size_t output, stdlib::Physical physical, const Lanes& lanes, llvm::Value* rows);
  void store_plain(std::size_t output, llvm::Value* value);  // present in every row
  // Remembers errors of lanes in `rows`; `errors_word` is their sum at the end of the kernel.
  void report(const Lanes& lanes, llvm::Value* rows);
  llvm::Value* errors_word();
  llvm::Value* context() { return context_; }

  // Why native code cannot be made of what was emitted; empty: it can.
  [[nodiscard]] const std::string& unsupported() const { return unsupported_; }

  llvm::Value* both(llvm::Value* left, llvm::Value* right);     // and; null: all
  llvm::Value* either(llvm::Value* left, llvm::Value* right);   // or; null: none
  llvm::Value* without(llvm::Value* left, llvm::Value* right);  // left and not right; null right: none
  llvm::Value* flags(bool value);

 private:
  // emit.cc
  Lanes emit_new(const ir::Expr& expr);
  Lanes literal(const ir::Expr& expr);
  Lanes input(int index);
  Lanes now();
  Lanes absent(stdlib::Physical physical);
  Lanes refuse(std::string_view what);
  std::vector<Lanes> emit_arguments(const ir::Expr& expr);
  Lanes as_physical(const Lanes& lanes, stdlib::Physical physical);
  Lanes constant_text(std::string_view text);
  Lanes choose(llvm::Value* condition, const Lanes& left, const Lanes& right);  // all parts

  // logic.cc
  Lanes kleene(const ir::Expr& expr, bool deciding);
  Lanes first_case(const ir::Expr& expr);
  Lanes coalesce(const ir::Expr& expr);
  Lanes in(const ir::Expr& expr);
  Lanes negation(const ir::Expr& expr);
  Lanes is_missing(const ir::Expr& expr);

  // each.cc
  Lanes each(const ir::Expr& expr);
  // What of `expr` does not depend on the element: emitted outside of the loop.
  void emit_independent(const ir::Expr& expr, llvm::function_ref<bool(const ir::Expr&)> depends,
                        std::unordered_set<const ir::Expr*>& seen);
  Lanes walk_call(const stdlib::Function& function, const std::vector<Lanes>& arguments, llvm::Value* rows);
  llvm::AllocaInst* text_array();  // kLanes stdlib::Text, addresses even, sizes odd
  Lanes text_at(llvm::AllocaInst* records);
  void store_text(const Lanes& lanes, llvm::AllocaInst* records, llvm::Value* rows);
  Lanes plain_text(const Lanes& lanes);  // without validity, failure and records
  void begin_region(Region& region, llvm::Value* rows);

  // call.cc
  Lanes call(const ir::Expr& expr);
  Lanes finish(const ir::Expr& expr, std::span<const Lanes> arguments, Lanes result, llvm::Value* bad);
  Lanes native(const ir::Expr& expr, std::span<const Lanes> arguments, llvm::Value* rows);
  llvm::Value* native_mask(const ir::Expr& expr, std::span<const Lanes> arguments);
  llvm::Function* declare(const stdlib::Function& function);

  // arithmetic.cc
  bool arithmetic(const ir::Expr& expr, std::span<const Lanes> arguments, Checked& out);
  Checked add(llvm::Value* left, llvm::Value* right);
  Checked subtract(llvm::Value* left, llvm::Value* right);
  Checked multiply(llvm::Value* left, llvm::Value* right);
  Checked multiply64(llvm::Value* left, llvm::Value* right);
  Checked divide(llvm::Value* left, llvm::Value* right, bool remainder);
  Checked float_arithmetic(stdlib::Inline op, std::span<const Lanes> arguments);
  Checked decimal_arithmetic(const ir::Expr& expr, std::span<const Lanes> arguments);
  Checked decimal_product(const ir::Expr& expr, std::span<const Lanes> arguments, llvm::Value* left,
                          llvm::Value* right);
  Checked decimal_remainder(const ir::Expr& expr, std::span<const Lanes> arguments);
  Checked fit(Checked value, int precision, int known_digits);  // flags what has more digits
  Checked narrow(Checked value, llvm::Type* element);           // flags what does not fit
  llvm::Value* sign_of(const Lanes& lanes);

  // divide.cc
  struct Division {
    llvm::Value* quotient = nullptr;
    llvm::Value* remainder = nullptr;
  };
  Division floor_divide(llvm::Value* dividend, std::int64_t divisor);                  // exact, any int64
  llvm::Value* divide_half_away(llvm::Value* value, int digits, llvm::Value* active);  // by 10^digits

  llvm::Value* round_scalar(llvm::Value* scalar, int digits);
  Checked rounded_product(const ir::Expr& product, int digits, const stdlib::Type& to, llvm::Value* rows);

  // compare.cc
  llvm::Value* compare(stdlib::Inline op, const Lanes& left, const Lanes& right, llvm::Value* active);
  llvm::Value* compare_text(stdlib::Inline op, const Lanes& left, const Lanes& right, llvm::Value* active);
  llvm::Value* equal_text(const Lanes& left, const Lanes& right, llvm::Value* active);
  Lanes distinct(const ir::Expr& expr, std::span<const Lanes> arguments, bool negated);
  Lanes extreme(const ir::Expr& expr, std::span<const Lanes> arguments, bool greatest);
  Lanes null_if(const ir::Expr& expr, std::span<const Lanes> arguments);

  // convert.cc
  bool convert(const ir::Expr& expr, const Lanes& argument, Checked& out);
  Checked to_decimal(const stdlib::Type& from, const stdlib::Type& to, const Lanes& argument);
  Checked dates(const ir::Expr& expr, const Lanes& argument);

  // dates.cc
  struct Instant {
    llvm::Value* day = nullptr;   // i32
    llvm::Value* time = nullptr;  // of day, microseconds
  };
  struct Civil {  // all i32; years of the calendar, months from 1, days from 0
    llvm::Value *year = nullptr, *month = nullptr, *day = nullptr;
    // Of years that begin in March: 100 * century + year_of_century, and whether January has come.
    llvm::Value *century = nullptr, *year_of_century = nullptr, *day_of_year = nullptr;
    llvm::Value* next_year = nullptr;
  };
  bool date_part(const ir::Expr& expr, std::span<const Lanes> arguments, Checked& out);
  Instant split_instant(llvm::Value* at);
  Civil civil(llvm::Value* day);
  llvm::Value* days_into(DateUnit unit, llvm::Value* day);

  // lane_loop.cc
  void lane_loop(llvm::Value* mask, llvm::function_ref<void(llvm::Value* lane)> body);
  Spilled spill(llvm::Value* vector);
  SpilledText spill_text(const Lanes& lanes);
  llvm::Value* at(const Spilled& spilled, llvm::Value* lane);
  TextScalar at(const SpilledText& spilled, llvm::Value* lane);
  llvm::AllocaInst* lane_array(llvm::Type* element);  // zeroed at the current place
  llvm::Value* element_address(llvm::Value* array, llvm::Type* element, llvm::Value* lane);
  llvm::Value* reload(llvm::Value* array, llvm::Type* element);
  void reload_text(Lanes& lanes);
  llvm::Value* memory_equal(llvm::Value* left, llvm::Value* right, llvm::Value* size);
  llvm::Value* memory_compare(llvm::Value* left, llvm::Value* right, llvm::Value* size);

  // types
  llvm::Type* scalar_type(stdlib::Physical physical);
  llvm::VectorType* vector_of(llvm::Type* element);
  llvm::Value* splat(llvm::Type* element, __int128 value);
  llvm::Constant* constant128(llvm::Type* element, __int128 value);
  llvm::StructType* text_type();

  llvm::Value* column(bool output, std::size_t index, bool valid);  // address of the block's first row

  llvm::Module& module_;
  llvm::LLVMContext& llvm_;
  llvm::BasicBlock& entry_;
  llvm::IRBuilder<> b_;
  llvm::IRBuilder<> entry_builder_;
  Regions& regions_;
  const ir::RowFunction& row_;
  std::set<const stdlib::Function*>& natives_;
  llvm::Value* context_;
  llvm::Value* first_row_ = nullptr;
  llvm::Value* live_ = nullptr;
  std::unordered_map<const ir::Expr*, Lanes> done_;
  std::map<std::tuple<bool, std::size_t, bool>, llvm::Value*> columns_;
  std::map<int, Lanes> inputs_;
  std::map<std::string, Lanes, std::less<>> texts_;
  std::map<std::uint32_t, llvm::AllocaInst*> reported_;
  std::string unsupported_;
};

}  // namespace backfill::lower_llvm
