// SPDX-License-Identifier: Apache-2.0
// Expressions of the typed program as SQL, by the templates of the function table. What has no exact form is
// marked, never approximated.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/evaluate/evaluate.h"
#include "compiler/ir/ir.h"
#include "compiler/lower/sql/dialect.h"

namespace backfill::lower_sql {

// One expression's SQL. `strength` is that of its outermost operator (stdlib/function.h; 100: needs no
// parentheses).
struct Sql {
  std::string text;
  int strength = 100;
};

constexpr int kOr = 10, kAnd = 20, kNot = 30, kComparison = 40, kAtom = 100;

class Emitter {
 public:
  // How `input` is written where an expression reads it; empty: it has no form that expressions compute with.
  // Whether it is missing can be asked of any stored value.
  enum class Read { Value, Presence };
  using ReadInput = std::function<std::string(int input, Read read)>;

  // Without a moment, now() is the dialect's clock, and what depends on it is not folded.
  Emitter(const Dialect& dialect, ReadInput read_input, std::optional<evaluate::Moment> moment)
      : dialect_(dialect), read_input_(std::move(read_input)), moment_(moment) {}

  // What the rows of a table under an alias are held to beside the condition of their query: "", or
  // " AND ...".
  using Seen = std::function<std::string(const schema::Table& table, std::string_view alias)>;
  // How a table is named that queries inside of it ask; without it, by its name.
  using Named = std::function<std::string(const schema::Table& table)>;
  // Where columns of a query's row are read: under `alias`, of `table`, which must outlive the emitter.
  void look_at(std::string alias, const schema::Table& table, Seen seen, Named named = {}) {
    looked_at_ = {{std::move(alias), &table}};
    seen_ = std::move(seen);
    named_ = std::move(named);
  }

  // The text is meaningless if the answer is Unavailable.
  Sql emit(const ir::Expr& expr);

  // As `emit`: of rows of a query, those for which it holds.
  Sql condition(const ir::Expr& expr);

  // The worst of what has been emitted so far, and why.
  [[nodiscard]] stdlib::Availability availability() const { return availability_; }
  [[nodiscard]] const std::string& reason() const { return reason_; }
  [[nodiscard]] source::Span place() const { return place_; }  // of the expression that has the reason

 private:
  Sql emit_new(const ir::Expr& expr);
  std::optional<Sql> folded(const ir::Expr& expr);
  [[nodiscard]] std::string other_column(const ir::Expr& expr, Read read) const;
  Sql query(const ir::Query& query);
  std::optional<Sql> document(const ir::Expr& expr);
  Sql literal(const stdlib::Value& value, const stdlib::Type& type);
  std::optional<Sql> decimal_in_query(const ir::Expr& expr);
  Sql emit_checked(const ir::Expr& expr, bool checks);
  Sql call(const ir::Expr& expr);
  Sql bound(std::string_view text, std::vector<Sql> arguments, const ir::Expr& expr, int strength);
  Sql joined(const ir::Expr& expr, std::string_view word, int strength);
  Sql case_of(const ir::Expr& expr);
  Sql in(const ir::Expr& expr);
  Sql each(const ir::Expr& expr);
  [[nodiscard]] bool reads_element(const ir::Expr& expr) const;
  Sql unavailable(std::string reason);
  void note(stdlib::Availability availability, std::string_view reason);

  const Dialect& dialect_;
  ReadInput read_input_;
  std::optional<evaluate::Moment> moment_;
  stdlib::Availability availability_ = stdlib::Availability::Same;
  std::string reason_;
  source::Span place_, current_;
  int depth_ = 0, lists_ = 0;
  std::map<const ir::Expr*, std::string> elements_;  // how those are written that stand in lists
  struct Looked {
    std::string alias;
    const schema::Table* table = nullptr;
  };
  std::vector<Looked> looked_at_;  // the queries that we are in, the outermost first
  // A column of another row must hold a value of its type here. Not where `=` alone compares it (nothing else
  // is equal to one, and an index serves), and not where it is handed on as it is: who reads it looks at it.
  bool checks_ = false;
  Named named_;
  Seen seen_;
};

// Parts of the SELECT that answers a query, which the emitter looks at, over `rows` ("FROM ... WHERE ...").
std::string order_of(const Dialect& dialect, Emitter& emitter, const ir::Query& query);
struct Select {
  std::string columns, rows;
};
// Of count, sum, min, max and list. `depth`: how many queries stand around it.
Select aggregated(const Dialect& dialect, Emitter& emitter, const ir::Query& query, std::string rows,
                  int depth);

// In parentheses if it binds looser than `strength`.
std::string within(const Sql& sql, int strength);
// Every line but the first moves right; the inside of quotes is left as it is.
std::string indented(std::string_view text, int by);

}  // namespace backfill::lower_sql
