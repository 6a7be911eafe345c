// SPDX-License-Identifier: Apache-2.0
// Answers of extern functions as inputs of the rows of a batch, before it is decided.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/lower/sql/dialect.h"
#include "runtime/ask/program.h"
#include "runtime/database/store.h"
#include "runtime/execute/subject.h"

namespace backfill::execute {

// Per extern query of ir::externs_read, and per row of the batch: with what it was asked; empty: it was not.
using Requests = std::vector<std::vector<std::string>>;

struct Decisions;

class AnswerSource {
 public:
  virtual ~AnswerSource() = default;
  // Sets the inputs that extern functions answer. `decided`: of the same rows, without answers: their classes
  // and stages need none. A row without an answer that it needs has that input among
  // its unreadable ones, and is decided to be quarantined.
  virtual Result<void> answer(database::RowBatch& batch, const Decisions& decided, Requests& asked) = 0;
};

// Asks the programs for what the rows need: of candidates, the calls that their values come to, an answer
// that another call is asked with first. Equal requests are asked once per batch, and not again in the next
// one.
class Asker : public AnswerSource {
 public:
  // All must outlive it; `subject.programs` has each function that is read.
  Asker(const Subject& subject, evaluate::Moment moment, const lower_sql::Dialect& dialect);
  // Of candidates, which ones are asked about. Null: all.
  using Wants =
      std::function<bool(const database::RowBatch& batch, const Decisions& decided, std::int64_t row)>;
  void ask_for(Wants wants) { wants_ = std::move(wants); }
  Result<void> answer(database::RowBatch& batch, const Decisions& decided, Requests& asked) override;

 private:
  struct Call {
    std::size_t query;
    std::size_t input;
    ask::Program* program;
  };
  struct Given {
    stdlib::Value value;
    std::string failure;  // empty: there is a value
  };
  struct Need {
    std::int64_t row;
    std::size_t call;
    std::string request;
  };
  class Rows;
  Result<void> ask(const std::vector<Need>& needs);
  [[nodiscard]] Given taken(const Call& call, const ask::Answer& answer) const;
  // Null: nobody has answered that yet.
  const Given* known(std::size_t call, const std::string& request);

  const ir::Backfill& backfill_;
  evaluate::Moment moment_;
  const lower_sql::Dialect& dialect_;
  Wants wants_;
  std::vector<Call> calls_;
  using Known = std::unordered_map<std::string, Given>;
  std::vector<Known> now_, before_;  // per call; of this batch and of the last one
};

// Nobody is asked: rows that need an answer fail for that.
class Unanswered : public AnswerSource {
 public:
  explicit Unanswered(const ir::Backfill& backfill) : backfill_(backfill) {}
  Result<void> answer(database::RowBatch& batch, const Decisions& decided, Requests& asked) override;

 private:
  const ir::Backfill& backfill_;
};

// Of rows that were read with the answers that the run kept: those that it kept none for.
void mark_unanswered(const ir::Backfill& backfill, database::VerifyBatch& batch);

// Null where the backfill asks nobody.
std::unique_ptr<Asker> make_asker(const Subject& subject, evaluate::Moment moment,
                                  const lower_sql::Dialect& dialect);

}  // namespace backfill::execute
