// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <set>

#include "compiler/evaluate/externs.h"
#include "runtime/ask/programs.h"
#include "runtime/database/sql/answers.h"
#include "runtime/execute/row_decider.h"
#include "stdlib/bug.h"

namespace backfill::execute {

using stdlib::Value;

namespace {

bool is_answer(const ir::Backfill& backfill, int input) {
  const int query = backfill.row.inputs[static_cast<std::size_t>(input)].query;
  return query >= 0 && backfill.row.queries[static_cast<std::size_t>(query)].kind == ir::QueryKind::Extern;
}

// As it was read nobody had been asked.
void forget_answers(const ir::Backfill& backfill, database::RowBatch& batch) {
  std::erase_if(batch.unreadable, [&](const auto& one) { return is_answer(backfill, one.what.input); });
}

void sort_unreadable(database::RowBatch& batch) {
  std::ranges::stable_sort(batch.unreadable, {}, &database::RowBatch::UnreadableAt::row);
}

}  // namespace

// The rows of a batch on their way to their answers: which call each of them needs next is what the reference
// evaluator cannot go on without.
class Asker::Rows {
 public:
  Rows(Asker& asker, database::RowBatch& batch, const Decisions& decided, Requests& asked)
      : asker_(asker), batch_(batch), asked_(asked) {
    std::vector<database::RowBatch::UnreadableAt> left_out;
    asked_.assign(asker.calls_.size(), std::vector<std::string>(static_cast<std::size_t>(batch.rows)));
    for (std::int64_t row = 0; row < batch.rows; ++row) {
      if (decided.code(row) != ir::kCandidate) continue;
      if (asker.wants_ && !asker.wants_(batch, decided, row)) {
        // No engine may take what nobody was asked for an answer.
        for (const Call& call : asker.calls_)
          left_out.push_back({row, evaluate::without_answer(asker.backfill_, static_cast<int>(call.input))});
        continue;
      }
      open_.push_back({.row = batch.row(row), .at = row});
      for (const Call& call : asker.calls_)
        open_.back().row.unreadable.push_back(
            evaluate::without_answer(asker.backfill_, static_cast<int>(call.input)));
    }
    batch.unreadable.insert(batch.unreadable.end(), left_out.begin(), left_out.end());
  }

  // What the rows need next; none: they have all that they need.
  std::vector<Need> needs() {
    std::vector<Need> needs;
    std::vector<Open> still;
    for (Open& one : open_) {
      const std::optional<Need> need = need_of(one);
      if (!need) continue;
      needs.push_back(*need);
      still.push_back(std::move(one));
    }
    open_ = std::move(still);
    return needs;
  }

  void give(std::size_t at, const Need& need, const Given& given) {
    set(open_[at], need.call, given);
    asked_[need.call][static_cast<std::size_t>(need.row)] = need.request;
  }

 private:
  struct Open {
    evaluate::Row row;
    std::int64_t at;
    std::set<int> given = {};  // inputs
  };

  void set(Open& one, std::size_t call, const Given& given) {
    const std::size_t input = asker_.calls_[call].input;
    auto& unreadable = one.row.unreadable;
    const auto at = std::ranges::find(unreadable, static_cast<int>(input), &evaluate::Unreadable::input);
    one.given.insert(static_cast<int>(input));
    if (given.failure.empty()) {
      unreadable.erase(at);
      one.row.inputs[input] = given.value;
      batch_.inputs[input].set(one.at, given.value, batch_.arena);
    } else {
      *at = {static_cast<int>(input), stdlib::RowError::Unreadable, given.failure};
      batch_.unreadable.push_back({one.at, *at});
    }
  }

  std::optional<Need> need_of(Open& one) {
    while (true) {
      const auto need = evaluate::needed(asker_.backfill_, one.row, asker_.moment_, one.given);
      if (!need) return std::nullopt;
      const auto call = std::ranges::find(asker_.calls_, need->query, &Call::query) - asker_.calls_.begin();
      if (need->failure.empty()) return Need{one.at, static_cast<std::size_t>(call), need->request};
      set(one, static_cast<std::size_t>(call), {{}, need->failure});
    }
  }

  Asker& asker_;
  database::RowBatch& batch_;
  Requests& asked_;
  std::vector<Open> open_;
};

Asker::Asker(const Subject& subject, evaluate::Moment moment, const lower_sql::Dialect& dialect)
    : backfill_(*subject.backfill), moment_(moment), dialect_(dialect) {
  for (const std::size_t query : ir::externs_read(backfill_)) {
    ask::Program* program =
        subject.programs == nullptr ? nullptr : subject.programs->find(backfill_.row.queries[query].name);
    BACKFILL_CHECK(program != nullptr, "an extern function that nobody answers");
    calls_.push_back({query, static_cast<std::size_t>(evaluate::answer_input(backfill_, query)), program});
  }
  now_.resize(calls_.size());
  before_.resize(calls_.size());
}

Result<void> Asker::answer(database::RowBatch& batch, const Decisions& decided, Requests& asked) {
  for (std::size_t k = 0; k < calls_.size(); ++k) {
    before_[k] = std::move(now_[k]);
    now_[k].clear();
  }
  forget_answers(backfill_, batch);
  Rows rows(*this, batch, decided, asked);
  while (true) {
    const std::vector<Need> needs = rows.needs();
    if (needs.empty()) break;
    BACKFILL_TRY(ask(needs));
    for (std::size_t i = 0; i < needs.size(); ++i)
      rows.give(i, needs[i], *known(needs[i].call, needs[i].request));
  }
  sort_unreadable(batch);
  return {};
}

const Asker::Given* Asker::known(std::size_t call, const std::string& request) {
  if (const auto found = now_[call].find(request); found != now_[call].end()) return &found->second;
  const auto found = before_[call].find(request);
  if (found == before_[call].end()) return nullptr;
  return &now_[call].emplace(request, found->second).first->second;
}

Result<void> Asker::ask(const std::vector<Need>& needs) {
  std::vector<std::vector<std::string>> requests(calls_.size());
  for (const Need& need : needs) {
    if (known(need.call, need.request) != nullptr) continue;
    now_[need.call].emplace(need.request, Given());
    requests[need.call].push_back(need.request);
  }
  for (std::size_t k = 0; k < calls_.size(); ++k) {
    auto answers = calls_[k].program->ask(requests[k]);
    if (!answers) {
      // What stands there has no answers yet.
      for (const std::string& request : requests[k]) now_[k].erase(request);
      for (std::size_t other = k + 1; other < calls_.size(); ++other)
        for (const std::string& request : requests[other]) now_[other].erase(request);
      return answers.failure();
    }
    for (std::size_t i = 0; i < answers->size(); ++i)
      now_[k][requests[k][i]] = taken(calls_[k], (*answers)[i]);
  }
  return {};
}

Asker::Given Asker::taken(const Call& call, const ask::Answer& answer) const {
  if (!answer.failure.empty()) return {{}, answer.failure};
  const ir::Query& query = backfill_.row.queries[call.query];
  const ir::QueryValue& given = query.values.front();
  Value value;
  if (answer.value != "null") {
    evaluate::Row json;
    json.inputs.resize(call.input + 1);
    json.inputs[call.input] = answer.value;
    evaluate::Outcome outcome = evaluate::evaluate(*given.expr, json, moment_);
    if (outcome.failure)
      return {
          {},
          fmt::format("`{}` is to give {}: {}", query.name, to_string(given.type), outcome.failure->message)};
    value = std::move(outcome.value);
  }
  if (value.missing() && !given.type.optional)
    return {{}, fmt::format("`{}` is to give {}, and answered nothing", query.name, to_string(given.type))};
  if (database_sql::kept_answer(dialect_, value, given.type.or_missing()).empty())
    return {{}, fmt::format("the answer of `{}` cannot be kept in {}", query.name, dialect_.name())};
  return {std::move(value), {}};
}

Result<void> Unanswered::answer(database::RowBatch& batch, const Decisions&, Requests& asked) {
  asked.clear();
  forget_answers(backfill_, batch);
  for (const std::size_t query : ir::externs_read(backfill_)) {
    const evaluate::Unreadable none =
        evaluate::without_answer(backfill_, evaluate::answer_input(backfill_, query));
    for (std::int64_t row = 0; row < batch.rows; ++row) batch.unreadable.push_back({row, none});
  }
  sort_unreadable(batch);
  return {};
}

void mark_unanswered(const ir::Backfill& backfill, database::VerifyBatch& batch) {
  for (const std::size_t query : ir::externs_read(backfill)) {
    const std::size_t input = static_cast<std::size_t>(evaluate::answer_input(backfill, query));
    const bool required = !backfill.row.inputs[input].type.optional;
    for (std::int64_t row = 0; row < batch.prior.rows; ++row) {
      // Of a required one reading has said so already.
      if (batch.answered[static_cast<std::size_t>(row)] == 0 && !required)
        batch.prior.unreadable.push_back({row, evaluate::without_answer(backfill, static_cast<int>(input))});
    }
  }
  sort_unreadable(batch.prior);
}

std::unique_ptr<Asker> make_asker(const Subject& subject, evaluate::Moment moment,
                                  const lower_sql::Dialect& dialect) {
  if (ir::externs_read(*subject.backfill).empty()) return nullptr;
  return std::make_unique<Asker>(subject, moment, dialect);
}

}  // namespace backfill::execute
