// SPDX-License-Identifier: Apache-2.0
// Parts of dates and instants as vectors. The rows have bodies, which stay the evaluator's reading and what
// is called where a unit is no literal; here are those that pay, for values of the years 1 to 9999.
#include <unordered_map>

#include "compiler/lower/llvm/block.h"
#include "stdlib/calendar.h"

namespace backfill::lower_llvm {

using ir::Expr;
using ir::Op;

namespace {

// 2^10 divides a day's microseconds, so the rest of an instant is exact in a double, and its day is 32 bits.
constexpr int kDayShift = 10;
constexpr std::int64_t kShiftedDay = stdlib::kDay >> kDayShift;
static_assert(kShiftedDay << kDayShift == stdlib::kDay);
// The day 0000-03-01: years that begin in March have their leap day at the end.
constexpr std::int32_t kFromMarch = 719468;

using Unit = DateUnit;

// A time of day in units: shifted right it fits 32 bits, and the unit is still a whole number of that.
struct Clock {
  int shift;
  std::int32_t length;
};
constexpr Clock clock_of(Unit unit) {
  switch (unit) {
    case Unit::Hour:
      return {10, static_cast<std::int32_t>(stdlib::kHour >> 10)};
    case Unit::Minute:
      return {8, static_cast<std::int32_t>(stdlib::kMinute >> 8)};
    default:
      return {6, static_cast<std::int32_t>(stdlib::kSecond >> 6)};
  }
}
static_assert(stdlib::kHour % 1024 == 0 && stdlib::kMinute % 256 == 0 && stdlib::kSecond % 64 == 0);

std::optional<Unit> unit_named(const Expr& expr) {
  if (expr.op != Op::Literal || expr.value.missing()) return std::nullopt;
  static const std::unordered_map<std::string_view, Unit> kUnits = {
      {"year", Unit::Year}, {"quarter", Unit::Quarter}, {"month", Unit::Month},   {"week", Unit::Week},
      {"day", Unit::Day},   {"hour", Unit::Hour},       {"minute", Unit::Minute}, {"second", Unit::Second}};
  const auto found = kUnits.find(expr.value.text());
  return found == kUnits.end() ? std::nullopt : std::optional(found->second);
}

struct Known {
  bool truncates = false;  // else the field of this unit; Week: the day of the week
  Unit unit = Unit::Day;
};

// By the body's symbol. Local timestamps are computed with as instants are.
const Known* known(std::string_view symbol) {
  constexpr std::string_view kLocal = "bf_local_";
  const std::string name =
      symbol.starts_with(kLocal) ? "bf_" + std::string(symbol.substr(kLocal.size())) : std::string(symbol);
  static const std::unordered_map<std::string_view, Known> kKnown = {
      {"bf_date_trunc", {true}},
      {"bf_date_trunc_date", {true}},
      {"bf_year_of_date", {false, Unit::Year}},
      {"bf_month_of_date", {false, Unit::Month}},
      {"bf_day_of_date", {false, Unit::Day}},
      {"bf_weekday_of_date", {false, Unit::Week}},
      {"bf_year_of_timestamp", {false, Unit::Year}},
      {"bf_month_of_timestamp", {false, Unit::Month}},
      {"bf_day_of_timestamp", {false, Unit::Day}},
      {"bf_weekday_of_timestamp", {false, Unit::Week}},
      {"bf_hour", {false, Unit::Hour}},
      {"bf_minute", {false, Unit::Minute}},
      {"bf_second", {false, Unit::Second}}};
  const auto found = kKnown.find(name);
  return found == kKnown.end() ? nullptr : &found->second;
}

}  // namespace

// Floor division of an instant, of either sign.
Block::Instant Block::split_instant(llvm::Value* at) {
  llvm::VectorType* words = vector_of(b_.getInt64Ty());
  llvm::VectorType* doubles = vector_of(b_.getDoubleTy());
  llvm::Value* shifted = b_.CreateAShr(at, kDayShift);
  llvm::Value* about = b_.CreateFMul(b_.CreateSIToFP(shifted, doubles),
                                     llvm::ConstantFP::get(doubles, 1.0 / static_cast<double>(kShiftedDay)));
  llvm::Value* day =
      b_.CreateFPToSI(b_.CreateUnaryIntrinsic(llvm::Intrinsic::rint, about), vector_of(b_.getInt32Ty()));
  llvm::Value* length = splat(b_.getInt64Ty(), kShiftedDay);
  llvm::Value* rest = b_.CreateSub(shifted, b_.CreateMul(b_.CreateSExt(day, words), length));
  llvm::Value* below = b_.CreateICmpSLT(rest, llvm::Constant::getNullValue(words));  // rounded up
  rest = b_.CreateSelect(below, b_.CreateAdd(rest, length), rest);
  llvm::Value* low = b_.CreateAnd(at, splat(b_.getInt64Ty(), (1 << kDayShift) - 1));
  return {b_.CreateAdd(day, b_.CreateSExt(below, day->getType())),
          b_.CreateOr(b_.CreateShl(rest, kDayShift), low)};
}

// Neri and Schneider, Euclidean affine functions (2022): what is divided fits 32 bits.
Block::Civil Block::civil(llvm::Value* day) {
  llvm::Type* word = b_.getInt32Ty();
  const auto by = [&](llvm::Value* value, std::int32_t factor) {
    return b_.CreateMul(value, splat(word, factor));
  };
  const auto plus = [&](llvm::Value* value, std::int32_t term) {
    return b_.CreateAdd(value, splat(word, term));
  };
  const auto over = [&](llvm::Value* value, std::int32_t divisor) {
    return b_.CreateUDiv(value, splat(word, divisor));
  };
  llvm::Value* quarters = plus(by(plus(day, kFromMarch), 4), 3);
  llvm::Value* century = over(quarters, 146097);
  llvm::Value* in_century = b_.CreateOr(b_.CreateSub(quarters, by(century, 146097)), splat(word, 3));
  llvm::VectorType* wide = vector_of(b_.getInt64Ty());
  llvm::Value* product = b_.CreateMul(b_.CreateZExt(in_century, wide), splat(b_.getInt64Ty(), 2939745));
  Civil out;
  out.century = century;
  out.year_of_century = b_.CreateTrunc(b_.CreateLShr(product, 32), vector_of(word));
  out.day_of_year = over(by(in_century, 2939745), 2939745 * 4);
  llvm::Value* months = plus(by(out.day_of_year, 2141), 197913);
  out.day = over(b_.CreateAnd(months, splat(word, 0xFFFF)), 2141);
  out.next_year = b_.CreateICmpUGE(out.day_of_year, splat(word, 306));
  llvm::Value* month = b_.CreateLShr(months, 16);
  out.month = b_.CreateSelect(out.next_year, plus(month, -12), month);
  out.year = b_.CreateAdd(b_.CreateAdd(by(century, 100), out.year_of_century),
                          b_.CreateZExt(out.next_year, vector_of(word)));
  return out;
}

// How many days lie between the unit's first day and this one.
llvm::Value* Block::days_into(Unit unit, llvm::Value* day) {
  llvm::Type* word = b_.getInt32Ty();
  const auto constant = [&](std::int32_t value) { return splat(word, value); };
  if (unit == Unit::Day) return llvm::Constant::getNullValue(day->getType());
  if (unit == Unit::Week)  // 1970-01-01 was a Thursday; 7 * 102738 days before that no date is
    return b_.CreateURem(b_.CreateAdd(day, constant(3 + 7 * 102738)), constant(7));
  const Civil date = civil(day);
  if (unit == Unit::Month) return date.day;
  // From March 1 on: the first of April, July, October and January, the last one of the next year.
  llvm::Value* zero = constant(0);
  llvm::Value* of_century = b_.CreateICmpEQ(b_.CreateAnd(date.year_of_century, constant(3)), zero);
  llvm::Value* of_era = b_.CreateICmpEQ(b_.CreateAnd(date.century, constant(3)), zero);
  llvm::Value* leap = b_.CreateSelect(b_.CreateICmpEQ(date.year_of_century, zero), of_era, of_century);
  llvm::Value* first = b_.CreateSelect(leap, constant(-60), constant(-59));
  if (unit == Unit::Quarter) {
    for (const std::int32_t begin : {31, 122, 214})
      first = b_.CreateSelect(b_.CreateICmpUGE(date.day_of_year, constant(begin)), constant(begin), first);
  }
  first = b_.CreateSelect(date.next_year, constant(306), first);
  return b_.CreateSub(date.day_of_year, first);
}

bool Block::date_part(const Expr& expr, std::span<const Lanes> arguments, Checked& out) {
  const Known* part = known(expr.function->native.symbol);
  if (part == nullptr) return false;
  Unit unit = part->unit;
  if (part->truncates) {
    const std::optional<Unit> named = unit_named(*expr.arguments[0]);
    if (!named) return false;
    unit = *named;
  }
  const Lanes& value = arguments.back();
  if (value.literal_missing) return false;
  const bool is_date = value.physical == stdlib::Physical::Int32;
  if (is_date && unit >= Unit::Hour) return false;
  llvm::Type* word = b_.getInt32Ty();
  llvm::VectorType* words = vector_of(b_.getInt64Ty());
  const Instant instant = is_date ? Instant{value.value, nullptr} : split_instant(value.value);
  if (unit >= Unit::Hour) {
    const Clock clock = clock_of(unit);
    llvm::Value* time = b_.CreateTrunc(b_.CreateLShr(instant.time, clock.shift), vector_of(word));
    llvm::Value* count = b_.CreateUDiv(time, splat(word, clock.length));
    if (!part->truncates) {
      out.value = unit == Unit::Hour ? count : b_.CreateURem(count, splat(word, 60));
    } else {
      llvm::Value* whole = b_.CreateZExt(b_.CreateMul(count, splat(word, clock.length)), words);
      out.value = b_.CreateAdd(b_.CreateSub(value.value, instant.time), b_.CreateShl(whole, clock.shift));
    }
    return true;
  }
  if (part->truncates) {
    llvm::Value* into = days_into(unit, instant.day);
    if (is_date) {
      out.value = b_.CreateSub(value.value, into);
    } else {
      llvm::Value* whole = b_.CreateMul(b_.CreateZExt(into, words), splat(b_.getInt64Ty(), kShiftedDay));
      out.value = b_.CreateSub(b_.CreateSub(value.value, instant.time), b_.CreateShl(whole, kDayShift));
    }
    return true;
  }
  if (unit == Unit::Week) {
    out.value = b_.CreateAdd(days_into(unit, instant.day), splat(word, 1));
    return true;
  }
  const Civil date = civil(instant.day);
  out.value = unit == Unit::Year    ? date.year
              : unit == Unit::Month ? date.month
                                    : b_.CreateAdd(date.day, splat(word, 1));
  return true;
}

}  // namespace backfill::lower_llvm
