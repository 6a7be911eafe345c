// SPDX-License-Identifier: Apache-2.0
#include "tests/differential/five_ways.h"

#include <fmt/format.h>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <unordered_set>

#include "runtime/jit/engine.h"
#include "stdlib/bug.h"
#include "stdlib/json.h"
#include "tests/differential/native_run.h"
#include "tests/differential/value_text.h"

namespace backfill::test {

namespace {

using ir::Op;
using stdlib::Availability;
using stdlib::Value;

constexpr evaluate::Moment kMoment{1'700'000'000'000'000};
constexpr std::size_t kPerStatement = 32;
constexpr std::size_t kMostLength = 60'000;  // of one statement

class Clock {
 public:
  explicit Clock(double& seconds) : seconds_(seconds), start_(std::chrono::steady_clock::now()) {}
  ~Clock() { seconds_ += std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count(); }
  Clock(const Clock&) = delete;
  Clock& operator=(const Clock&) = delete;

 private:
  double& seconds_;
  std::chrono::steady_clock::time_point start_;
};

// Every part, those inside before what they are in.
void parts(const ir::Expr& expr, std::unordered_set<const ir::Expr*>& seen,
           std::vector<const ir::Expr*>& out) {
  if (!seen.insert(&expr).second) return;
  for (const ir::Expr* argument : expr.arguments) parts(*argument, seen, out);
  out.push_back(&expr);
}

std::vector<const ir::Expr*> parts(const ir::Expr& expr) {
  std::unordered_set<const ir::Expr*> seen;
  std::vector<const ir::Expr*> out;
  parts(expr, seen, out);
  return out;
}

// Numbers in documents are equal by value: 1.50 and 1.5.
bool is_same(const Value& left, const Value& right, const stdlib::Type& type) {
  const bool document = type.kind == stdlib::Kind::Json || type.kind == stdlib::Kind::List;
  if (!document || left.missing() || right.missing()) return left == right;
  return stdlib::json::same(left.text(), right.text());
}

std::string root_of(const ir::Expr& expr) {
  if (expr.function != nullptr) return stdlib::signature(*expr.function);
  return fmt::format("op {}", static_cast<int>(expr.op));
}

std::string shown(const evaluate::Outcome& outcome, const stdlib::Type& type) {
  if (outcome.failure) return fmt::format("error: {}", stdlib::text(outcome.failure->error));
  return stdlib::literal(outcome.value, type);
}

}  // namespace

FiveWays::FiveWays(TypedTable& table, std::vector<SqlServer*> servers, Report& report)
    : table_(table), servers_(std::move(servers)), report_(report) {
  for (SqlServer* server : servers_) {
    const Result<void> loaded = table_.load(*server);
    if (!loaded) FAIL(loaded.failure().message);
  }
  buffers_ = buffers(table_, arena_);
}

FiveWays::~FiveWays() {
  for (SqlServer* server : servers_) table_.drop(*server);
}

FiveWays::Expected FiveWays::evaluated(const ir::Expr& expr) const {
  Expected expected;
  expected.rows.reserve(table_.size());
  for (std::size_t row = 0; row < table_.size(); ++row) {
    expected.rows.push_back(evaluate::evaluate(expr, table_.row(row), kMoment));
    expected.failing += expected.rows.back().failure ? 1 : 0;
  }
  return expected;
}

void FiveWays::compare(const std::vector<const ir::Expr*>& expressions) {
  std::vector<Expected> expected;
  {
    const Clock clock(report_.evaluator_seconds);
    for (const ir::Expr* expr : expressions) expected.push_back(evaluated(*expr));
  }
  report_.expressions += static_cast<std::int64_t>(expressions.size());
  for (const Expected& each : expected) {
    report_.rows += static_cast<std::int64_t>(each.rows.size());
    report_.failing_rows += static_cast<std::int64_t>(each.failing);
  }
  {
    const Clock clock(report_.native_seconds);
    for (std::size_t k = 0; k < expressions.size(); ++k)
      if (native_differs(*expressions[k], expected[k], true)) report_native(*expressions[k]);
  }
  for (SqlServer* server : servers_) {
    const Clock clock(report_.databases[std::string(server->dialect().name())].seconds);
    by_sql(*server, expressions, expected);
  }
}

// --- native code ---

std::optional<FiveWays::Found> FiveWays::native_differs(const ir::Expr& expr, const Expected& expected,
                                                        bool count) {
  const NativeExpression native(expr, table_.columns());
  if (!native.compiled()) {
    report_.not_native += count ? 1 : 0;
    return std::nullopt;
  }
  // All at once: an error is reported if, and only if, a row fails.
  const NativeAnswer all = native.run(buffers_, static_cast<std::int64_t>(table_.size()), kMoment.now);
  if ((all.errors != 0) != (expected.failing != 0)) {
    for (std::size_t row = 0; row < table_.size(); ++row) {
      const NativeAnswer one = native.run_row(table_, row, kMoment.now);
      if ((one.errors != 0) != expected.rows[row].failure.has_value())
        return Found{row, fmt::format("errors {:#x}", one.errors)};
    }
    return Found{0, fmt::format("errors {:#x} in the batch, though no row alone differs", all.errors)};
  }
  std::size_t alone = 0;
  for (std::size_t row = 0; row < table_.size(); ++row) {
    const evaluate::Outcome& outcome = expected.rows[row];
    if (outcome.failure) {
      if (++alone > 3) continue;
      const NativeAnswer one = native.run_row(table_, row, kMoment.now);
      if ((one.errors & static_cast<std::uint32_t>(outcome.failure->error)) == 0)
        return Found{row, fmt::format("errors {:#x}", one.errors)};
      continue;
    }
    const Value value = all.column.value(static_cast<std::int64_t>(row));
    if (!(value == outcome.value)) return Found{row, stdlib::literal(value, expr.type)};
  }
  return std::nullopt;
}

void FiveWays::report_native(const ir::Expr& expr) {
  for (const ir::Expr* part : parts(expr)) {
    if (part->op == Op::Literal || part->op == Op::Input) continue;
    const auto found = native_differs(*part, evaluated(*part), false);
    if (found) return add("native", *part, *found, "");
  }
  add("native", expr, {0, "only as a whole"}, "");
}

// --- SQL ---

std::optional<std::string> FiveWays::emitted(const SqlServer& server, const ir::Expr& expr,
                                             Tally* tally) const {
  for (const ir::Expr* part : parts(expr))
    if (part->op == Op::Input && table_.read(server, part->input, lower_sql::Emitter::Read::Value).empty()) {
      if (tally != nullptr) ++tally->unavailable["no column of type " + to_string(part->type.required())];
      return std::nullopt;
    }
  const auto read = [&](int input, lower_sql::Emitter::Read how) { return table_.read(server, input, how); };
  lower_sql::Emitter emitter(server.dialect(), read, kMoment);
  std::string text = emitter.emit(expr).text;
  if (emitter.availability() == Availability::Unavailable) {
    if (tally != nullptr) ++tally->unavailable[emitter.reason()];
    return std::nullopt;
  }
  if (tally != nullptr) {
    ++tally->by_sql;
    tally->assisted += emitter.availability() == Availability::Assisted ? 1 : 0;
  }
  return text;
}

void FiveWays::by_sql(SqlServer& server, const std::vector<const ir::Expr*>& expressions,
                      const std::vector<Expected>& expected) {
  Tally& tally = report_.databases[std::string(server.dialect().name())];
  std::vector<Emitted> batch;
  std::size_t length = 0;
  const auto flush = [&] {
    select(server, batch, expressions, expected);
    batch.clear();
    length = 0;
  };
  for (std::size_t k = 0; k < expressions.size(); ++k) {
    auto text = emitted(server, *expressions[k], &tally);
    if (!text) continue;
    length += text->size();
    batch.push_back({std::move(*text), k});
    if (batch.size() == kPerStatement || length > kMostLength) flush();
  }
  flush();
}

void FiveWays::select(SqlServer& server, std::span<const Emitted> batch,
                      const std::vector<const ir::Expr*>& expressions,
                      const std::vector<Expected>& expected) {
  if (batch.empty()) return;
  std::string sql = "SELECT t.id";
  for (const Emitted& each : batch) sql += ",\n  " + each.sql;
  const auto rows = server.query(fmt::format("{}\nFROM {} AS t ORDER BY t.id", sql, table_.name()));
  if (!rows && batch.size() > 1) {
    select(server, batch.first(batch.size() / 2), expressions, expected);
    return select(server, batch.subspan(batch.size() / 2), expressions, expected);
  }
  if (!rows) return report_sql(server, *expressions[batch[0].expression]);
  Tally& tally = report_.databases[std::string(server.dialect().name())];
  std::vector<const ir::Expr*> different;  // shrunk afterwards: that asks the server again
  for (std::size_t k = 0; k < batch.size(); ++k) {
    const std::size_t at = batch[k].expression;
    if (column_differs(server, *rows, k + 1, *expressions[at], expected[at], tally.rows))
      different.push_back(expressions[at]);
  }
  for (const ir::Expr* expr : different) report_sql(server, *expr);
}

std::optional<FiveWays::Found> FiveWays::column_differs(const SqlServer& server,
                                                        const std::vector<SqlRow>& rows, std::size_t column,
                                                        const ir::Expr& expr, const Expected& expected,
                                                        std::int64_t& compared) const {
  BACKFILL_CHECK(rows.size() + table_.without(server).size() == table_.size(), "rows of the table are gone");
  if (!rows.empty() && !server.has_type(column, expr.type))
    return Found{0, "another SQL type than expressions of this type have"};
  for (const SqlRow& row : rows) {
    const std::size_t id = std::stoul(row.at(0).value());
    const evaluate::Outcome& outcome = expected.rows[id];
    if (outcome.failure) continue;
    ++compared;
    const auto value = parsed(row.at(column), expr.type);
    if (value && is_same(*value, outcome.value, expr.type)) continue;
    return Found{id, row.at(column) ? fmt::format("'{}'", *row.at(column)) : "NULL"};
  }
  return std::nullopt;
}

std::optional<FiveWays::Found> FiveWays::sql_differs(SqlServer& server, const ir::Expr& expr) {
  const auto text = emitted(server, expr, nullptr);
  if (!text) return std::nullopt;
  const auto rows = server.query(fmt::format("SELECT t.id, {} FROM {} AS t", *text, table_.name()));
  std::int64_t compared = 0;
  if (rows) return column_differs(server, *rows, 1, expr, evaluated(expr), compared);
  for (std::size_t row = 0; row < table_.size(); ++row) {
    const auto one =
        server.query(fmt::format("SELECT t.id, {} FROM {} AS t WHERE t.id = {}", *text, table_.name(), row));
    if (!one) return Found{row, one.failure().message.substr(0, 200)};
  }
  return Found{0, rows.failure().message.substr(0, 200)};
}

void FiveWays::report_sql(SqlServer& server, const ir::Expr& expr) {
  const std::string who(server.dialect().name());
  for (const ir::Expr* part : parts(expr)) {
    if (part->op == Op::Literal) continue;
    const auto found = sql_differs(server, *part);
    if (found) return add(who, *part, *found, emitted(server, *part, nullptr).value_or(""));
  }
  add(who, expr, {0, "only in one statement with others"}, emitted(server, expr, nullptr).value_or(""));
}

// --- for people ---

void FiveWays::add(std::string who, const ir::Expr& expr, const Found& found, const std::string& sql) {
  const std::string root = root_of(expr);
  for (const Difference& known : report_.differences)
    if (known.who == who && known.root == root) return;
  std::string text = fmt::format("{}: {}\n{}", who, root, explained(expr, found.row));
  text += fmt::format("  evaluator: {}\n  {}: {}\n",
                      shown(evaluate::evaluate(expr, table_.row(found.row), kMoment), expr.type), who,
                      found.answer);
  if (!sql.empty()) text += fmt::format("  SQL: {}\n", sql);
  report_.differences.push_back({std::move(who), root, std::move(text)});
}

std::string FiveWays::explained(const ir::Expr& expr, std::size_t row) const {
  ir::Backfill names;
  schema::Table table;
  table.columns = table_.columns();
  names.table = &table;
  std::string operands;
  for (std::size_t k = 0; k < table.columns.size(); ++k)
    names.row.inputs.push_back({static_cast<int>(k), table.columns[k].type});
  for (const ir::Expr* part : parts(expr))
    if (part->op == Op::Input) {
      const auto k = static_cast<std::size_t>(part->input);
      operands += fmt::format("  c{}: {} = {}\n", k, to_string(part->type),
                              stdlib::literal(table_.row(row).inputs[k], part->type));
    }
  for (const ir::Expr* argument : expr.arguments)
    if (argument->op != Op::Input && argument->op != Op::Literal)
      operands += fmt::format("  {} = {}\n", ir::dump(*argument, names),
                              shown(evaluate::evaluate(*argument, table_.row(row), kMoment), argument->type));
  return fmt::format("  {}\n{}", ir::dump(expr, names), operands);
}

void expect_no_difference(const Report& report) {
  for (const Difference& difference : report.differences) FAIL_CHECK(difference.text);
}

std::string figures(const Report& report) {
  std::string text = fmt::format(
      "{} expressions, {} expression-rows ({} with a row error), evaluator {:.1f} s, native {:.1f} s ({} "
      "expressions not native)\n",
      report.expressions, report.rows, report.failing_rows, report.evaluator_seconds, report.native_seconds,
      report.not_native);
  for (const auto& [name, tally] : report.databases) {
    text += fmt::format("{}: {} expressions by SQL ({} assisted), {} rows compared, {:.1f} s\n", name,
                        tally.by_sql, tally.assisted, tally.rows, tally.seconds);
    std::vector<std::pair<std::int64_t, std::string>> reasons;
    for (const auto& [reason, count] : tally.unavailable) reasons.emplace_back(count, reason);
    std::ranges::sort(reasons, std::greater());
    std::int64_t rest = 0;
    for (std::size_t k = 0; k < reasons.size(); ++k) {
      if (k < 8) text += fmt::format("  unavailable {}: {}\n", reasons[k].first, reasons[k].second);
      rest += k < 8 ? 0 : reasons[k].first;
    }
    if (rest > 0) text += fmt::format("  unavailable {}: for other reasons\n", rest);
  }
  return text;
}

}  // namespace backfill::test
