// SPDX-License-Identifier: Apache-2.0
// What the environment (a file, a database, LLVM) answers: a value, or a failure with context.
// A user's mistake is never a Failure (see diagnostic/diagnostic.h); a bug of ours is never one
// (stdlib/bug.h).
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace backfill {

// How a caller may go on. `Ambiguous`: the outcome is unknown and must be found out before anything else is
// done.
enum class Recovery { Retry, Fatal, Ambiguous };

struct Failure {
  Recovery recovery = Recovery::Fatal;
  std::string message;   // lower case, no final period: what was tried, on what, what came back
  std::string way_out;   // what the user can do; may be empty
  bool mistake = false;  // what the user gave is wrong, and no environment (a source file's line)
};

[[nodiscard]] inline Failure fatal(std::string message, std::string way_out = {}) {
  return {Recovery::Fatal, std::move(message), std::move(way_out)};
}

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}
  Result(Failure failure) : state_(std::in_place_index<1>, std::move(failure)) {}

  explicit operator bool() const { return state_.index() == 0; }
  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  T& operator*() & { return std::get<0>(state_); }
  const T& operator*() const& { return std::get<0>(state_); }
  T&& operator*() && { return std::get<0>(std::move(state_)); }
  T* operator->() { return &std::get<0>(state_); }
  const T* operator->() const { return &std::get<0>(state_); }
  [[nodiscard]] const Failure& failure() const { return std::get<1>(state_); }

 private:
  std::variant<T, Failure> state_;
};

template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Failure failure) : failure_(std::move(failure)), failed_(true) {}

  explicit operator bool() const { return !failed_; }
  [[nodiscard]] bool ok() const { return !failed_; }
  [[nodiscard]] const Failure& failure() const { return failure_; }

 private:
  Failure failure_;
  bool failed_ = false;
};

// BACKFILL_TRY(result): return the failure of a Result<...> expression to our caller, else go on.
#define BACKFILL_TRY(expression)                                    \
  do {                                                              \
    auto backfill_try_result = (expression);                        \
    if (!backfill_try_result) return backfill_try_result.failure(); \
  } while (false)

// BACKFILL_ASSIGN(auto x, expression): the same, and keep the value.
#define BACKFILL_CONCAT_(a, b) a##b
#define BACKFILL_CONCAT(a, b) BACKFILL_CONCAT_(a, b)
#define BACKFILL_ASSIGN_(name, target, expression) \
  auto name = (expression);                        \
  if (!name) return name.failure();                \
  target = *std::move(name)
#define BACKFILL_ASSIGN(target, expression) \
  BACKFILL_ASSIGN_(BACKFILL_CONCAT(backfill_result_, __LINE__), target, expression)

}  // namespace backfill
