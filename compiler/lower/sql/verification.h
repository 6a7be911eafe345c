// SPDX-License-Identifier: Apache-2.0
// The statements that verify one run; statements.h has what others call.
#pragma once

#include <string>

#include "compiler/lower/sql/names.h"
#include "compiler/lower/sql/statements.h"

namespace backfill::lower_sql {

// Verification as the three steps that its text shows: before, classified, expected.
class Verification {
 public:
  Verification(const ir::Backfill& backfill, const Dialect& dialect, std::int64_t run,
               evaluate::Moment moment)
      : backfill_(backfill), dialect_(dialect), names_(backfill, dialect), run_(run), moment_(moment) {}

  [[nodiscard]] std::string count(const std::string& where) const;
  [[nodiscard]] std::string mismatches(const std::string& where) const;
  [[nodiscard]] std::string one() const;
  [[nodiscard]] std::string range(Range range) const;
  [[nodiscard]] EffectSql effect(std::size_t index, const std::string& batches) const;
  [[nodiscard]] EffectSql kept(std::size_t index, const std::string& batches) const;

 private:
  [[nodiscard]] std::string classified(const std::string& where) const;
  [[nodiscard]] std::string taken_from(const ir::Passed& passed, std::string_view alias, bool value) const;
  [[nodiscard]] std::string due(const ir::Effect& effect) const;
  [[nodiscard]] std::string elements(const ir::Effect& effect) const;
  [[nodiscard]] std::string element(const ir::Effect& effect, const ir::EffectColumn& column,
                                    const std::string& list) const;
  [[nodiscard]] std::string fault(const ir::Effect& effect) const;
  [[nodiscard]] std::string others_fault(std::size_t index) const;
  [[nodiscard]] std::string steps(const std::string& where) const;
  [[nodiscard]] std::string before(const std::string& where) const;
  [[nodiscard]] std::string emitted(const ir::Expr& expr, const std::string& alias) const;
  [[nodiscard]] bool asks() const { return !ir::externs_read(backfill_).empty(); }
  [[nodiscard]] bool deletes() const { return ir::deletes_row(backfill_) != nullptr; }
  [[nodiscard]] std::string deleting(const std::string& alias) const;  // the condition under which it does
  [[nodiscard]] std::string mismatch() const;
  [[nodiscard]] std::string shown() const;

  const ir::Backfill& backfill_;
  const Dialect& dialect_;
  Names names_;
  std::int64_t run_;
  evaluate::Moment moment_;
};

}  // namespace backfill::lower_sql
