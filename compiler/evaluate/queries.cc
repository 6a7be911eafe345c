// SPDX-License-Identifier: Apache-2.0
#include "compiler/evaluate/queries.h"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "stdlib/bug.h"
#include "stdlib/decimal.h"
#include "stdlib/value_order.h"

namespace backfill::evaluate {

namespace {

using ir::QueryKind;
using stdlib::Value;
using OtherRows = std::vector<const std::vector<Value>*>;

class Asking {
 public:
  Asking(const ir::Query& query, const Moment& moment, const Row& row, Looking looking)
      : query_(query), moment_(moment), row_(row), looking_(std::move(looking)) {
    looking_.rows.push_back(nullptr);
  }

  OtherRows matching() {
    OtherRows found;
    const auto given = std::ranges::find(looking_.tables, query_.table, &OtherTable::table);
    if (given == looking_.tables.end()) return found;
    if (query_.guard != nullptr && !is_true(*query_.guard, nullptr)) return found;
    for (const auto& other : given->rows)
      if (query_.where == nullptr || is_true(*query_.where, &other)) found.push_back(&other);
    std::stable_sort(found.begin(), found.end(),
                     [&](const auto* a, const auto* b) { return before(*a, *b); });
    return found;
  }

  Value value(const ir::QueryValue& value, const OtherRows& found) {
    switch (query_.kind) {
      case QueryKind::Unique:
      case QueryKind::First:
      case QueryKind::Only:
        if (value.expr == nullptr) return found.size() < 2 ? Value(true) : Value();
        return found.empty() ? Value() : at(*value.expr, found.front());
      case QueryKind::Count:
        return static_cast<std::int64_t>(found.size());
      case QueryKind::Exists:
        return !found.empty();
      case QueryKind::Done:
        return false;  // a test's rows have no history
      case QueryKind::List:
        return list(value, found);
      case QueryKind::Sum:
        return sum(value, found);
      case QueryKind::Min:
      case QueryKind::Max:
        return extreme(value, found);
      default:
        break;
    }
    BACKFILL_BUG("a query that is not answered");
  }

 private:
  Value at(const ir::Expr& expr, const std::vector<Value>* other) {
    looking_.rows.back() = other;
    Outcome outcome = evaluate(expr, row_, moment_, looking_);
    return outcome.failure ? Value() : std::move(outcome.value);
  }
  bool is_true(const ir::Expr& condition, const std::vector<Value>* other) {
    const Value value = at(condition, other);
    return !value.missing() && value.boolean();
  }
  bool before(const std::vector<Value>& left, const std::vector<Value>& right) {
    for (const ir::QueryOrder& key : query_.order) {
      const Value a = at(*key.value, &left), b = at(*key.value, &right);
      if (a == b) continue;
      if (a.missing() || b.missing()) return b.missing();
      return key.descending ? less(b, a) : less(a, b);
    }
    return false;
  }
  Value extreme(const ir::QueryValue& value, const OtherRows& found) {
    Value best;
    for (const auto* other : found) {
      const Value one = at(*value.expr, other);
      if (one.missing()) continue;
      const bool better = query_.kind == QueryKind::Min ? less(one, best) : less(best, one);
      if (best.missing() || better) best = one;
    }
    return best;
  }
  // Of what is present, as JSON values.
  Value list(const ir::QueryValue& value, const OtherRows& found) {
    std::string made = "[";
    for (const auto* other : found) {
      const Value one = at(*value.expr, other);
      if (one.missing()) continue;
      if (made.size() > 1) made += ',';
      made += one.text();
    }
    return made + ']';
  }
  Value sum(const ir::QueryValue& value, const OtherRows& found) {
    stdlib::Int128 exact = 0;
    double number = 0;
    for (const auto* other : found) {
      const Value one = at(*value.expr, other);
      if (one.missing() && !value.expr->type.optional) return {};
      if (one.missing()) continue;
      if (value.type.kind == stdlib::Kind::Float64) {
        number += one.number();
        continue;
      }
      std::optional<stdlib::Int128> added =
          value.type.kind == stdlib::Kind::Int64
              ? stdlib::Int128{one.integer()}
              : stdlib::rescale(one.decimal().unscaled, one.decimal().scale, value.type.scale);
      if (!added || __builtin_add_overflow(exact, *added, &exact)) return {};
    }
    if (value.type.kind == stdlib::Kind::Float64) return number;
    if (value.type.kind == stdlib::Kind::Decimal) {
      if (!stdlib::fits(exact, value.type.precision)) return {};
      return stdlib::Decimal{exact, value.type.scale};
    }
    const bool fits = exact >= std::numeric_limits<std::int64_t>::min() &&
                      exact <= std::numeric_limits<std::int64_t>::max();
    return fits ? Value(static_cast<std::int64_t>(exact)) : Value();
  }

  const ir::Query& query_;
  const Moment& moment_;
  const Row& row_;
  Looking looking_;  // the last one is the row of this query
};

}  // namespace

Value answer(const ir::Query& query, const Row& row, const Moment& moment, const Looking& looking) {
  Asking asking(query, moment, row, looking);
  const OtherRows found = asking.matching();
  if (!query.values.empty()) return asking.value(query.values.front(), found);
  BACKFILL_BUG("a query inside of another one that has no value");
}

void answer_queries(const ir::Backfill& backfill, std::span<const OtherTable> tables, const Moment& moment,
                    Row& row) {
  const auto& queries = backfill.row.queries;
  for (std::size_t q = 0; q < queries.size(); ++q) {
    if (queries[q].kind == QueryKind::Extern) continue;  // no rows, but a program answers it
    Asking asking(queries[q], moment, row, {.tables = tables, .rows = {}});
    const OtherRows found = asking.matching();
    for (std::size_t i = 0; i < backfill.row.inputs.size(); ++i) {
      const ir::Input& input = backfill.row.inputs[i];
      if (input.query != static_cast<int>(q)) continue;
      const auto& value = queries[q].values[static_cast<std::size_t>(input.value)];
      row.inputs[i] = asking.value(value, found);
      if (row.inputs[i].missing() && !input.type.optional)
        row.unreadable.push_back({static_cast<int>(i), stdlib::RowError::Unreadable,
                                  ir::why_absent(backfill, static_cast<int>(i))});
    }
  }
}

}  // namespace backfill::evaluate
