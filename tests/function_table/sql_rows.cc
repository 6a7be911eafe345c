// SPDX-License-Identifier: Apache-2.0
#include "tests/function_table/sql_rows.h"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <utility>

#include "compiler/ir/ir.h"
#include "compiler/lower/sql/expression.h"
#include "tests/differential/value_text.h"
#include "tests/function_table/edge_values.h"

namespace backfill::test {

namespace {

using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;
using Tuple = std::vector<Value>;

class Trial {
 public:
  Trial(SqlServer& server, const stdlib::Function& function, std::vector<Type> types, Type result,
        bool literals, Tried& tried)
      : server_(server),
        function_(function),
        types_(std::move(types)),
        result_(std::move(result)),
        literals_(literals),
        tried_(tried) {}

  void run() {
    const std::vector<Tuple> all = tuples(types_, literals_ ? 60 : 400);
    if (all.empty() || !make_table(all)) return;
    if (!literals_) return ask(expression(nullptr), "", all);
    for (std::size_t k = 0; k < all.size(); ++k)
      if (std::none_of(all[k].begin() + 1, all[k].end(), [](const Value& each) { return each.missing(); }))
        ask(expression(&all[k]), fmt::format(" WHERE id = {}", k), all);
  }

 private:
  void differ(std::string text) {
    if (tried_.differences.size() < 8) tried_.differences.push_back(std::move(text));
  }

  void ask(const std::string& expression, const std::string& where, const std::vector<Tuple>& all) {
    if (expression.empty()) return;
    tried_.available = true;
    if (server_.dialect().id() == stdlib::Dialect::MariaDb) check_type(expression, where);
    const auto rows = server_.query(fmt::format("SELECT id, {} FROM f{}", expression, where));
    if (!rows) return differ(rows.failure().message);
    for (const SqlRow& row : *rows) compare(all[std::stoul(*row.at(0))], row.at(1));
  }

  // What stands beside it in a CASE, and what compares with it, goes by MariaDB's own type: a BIGINT among
  // decimals overflows, a text of another collation ignores case.
  void check_type(const std::string& expression, const std::string& where) {
    if (std::exchange(typed_, true)) return;
    const Result<void> made = server_.exec(
        fmt::format("DROP TABLE IF EXISTS made; CREATE TABLE made AS SELECT {} AS v FROM f{} LIMIT 0",
                    expression, where));
    const auto rows = server_.query(
        "SELECT concat_ws(' ', data_type, collation_name, datetime_precision, IF(column_type LIKE "
        "'%unsigned%', 'unsigned', NULL)) FROM "
        "information_schema.columns "
        "WHERE table_name = 'made'");
    if (!made || !rows || rows->size() != 1)
      return differ("its type: " + (made ? "none" : made.failure().message));
    const std::string type = rows->at(0).at(0).value_or("");
    if (!is_form(type)) differ(fmt::format("is {} in MariaDB, {} here", type, stdlib::to_string(result_)));
  }

  [[nodiscard]] bool is_form(const std::string& type) const {
    switch (result_.kind) {
      case Kind::Bool:
      case Kind::Int16:
      case Kind::Int32:
      case Kind::Int64:
        return type.ends_with("int");
      case Kind::Float32:
      case Kind::Float64:
        return type == "double";
      case Kind::Decimal:
        return type == "decimal";
      case Kind::Date:
        return type == "date";
      case Kind::Timestamp:
      case Kind::LocalTimestamp:
        return type == "datetime 6";
      case Kind::Bytes:
        return type.ends_with("blob") || type.ends_with("binary");
      default:
        return type.ends_with(" utf8mb4_nopad_bin");
    }
  }

  std::string literal(const Value& value, const Type& type) {
    return value.missing() ? "NULL" : server_.dialect().literal(value, type);
  }

  bool make_table(const std::vector<Tuple>& all) {
    std::string columns = "DROP TABLE IF EXISTS f; CREATE TABLE f (id INT PRIMARY KEY";
    for (std::size_t i = 0; i < types_.size(); ++i) {
      const std::string type = server_.column_type(types_[i]);
      if (type.empty()) return false;
      columns += fmt::format(", a{} {}", i, type);
    }
    std::string values;
    for (std::size_t k = 0; k < all.size(); ++k) {
      std::string row = fmt::format("{}({}", values.empty() ? "" : ", ", k);
      bool written = true;
      for (std::size_t i = 0; i < types_.size(); ++i) {
        const std::string text = literal(all[k][i], types_[i]);
        written = written && !text.empty();
        row += ", " + text;
      }
      if (written) values += row + ")";
    }
    if (values.empty()) return false;
    const Result<void> made = server_.exec(columns + "); INSERT INTO f VALUES " + values);
    if (!made) differ("the table: " + made.failure().message);
    return made.ok();
  }

  // Empty: unavailable.
  std::string expression(const Tuple* values) {
    std::deque<ir::Expr> nodes;
    ir::Expr call;
    call.op = ir::Op::Call;
    call.function = &function_;
    call.type = result_;
    for (std::size_t i = 0; i < types_.size(); ++i) {
      ir::Expr& node = nodes.emplace_back();
      node.type = types_[i];
      if (i > 0 && values != nullptr) {
        node.value = (*values)[i];
      } else {
        node.op = ir::Op::Input;
        node.input = static_cast<int>(i);
      }
      call.arguments.push_back(&node);
    }
    lower_sql::Emitter emitter(
        server_.dialect(),
        [&](int input, lower_sql::Emitter::Read) {
          schema::Column column;
          column.type = types_[static_cast<std::size_t>(input)];
          std::string read = server_.dialect().read(fmt::format("a{}", input), column);
          if (read.empty() && stdlib::is_integer(column.type.kind)) {  // SQLite's integers are int64 columns
            column.type.kind = Kind::Int64;
            read = server_.dialect().read(fmt::format("a{}", input), column);
          }
          return read;
        },
        std::nullopt);
    const std::string text = emitter.emit(call).text;
    return emitter.availability() == stdlib::Availability::Unavailable ? "" : text;
  }

  void compare(const Tuple& tuple, const std::optional<std::string>& cell) {
    ++tried_.compared;
    std::vector<Type> required;
    for (const Type& type : types_) required.push_back(type.required());
    stdlib::EvaluateContext context;
    const Value expected = function_.evaluate(function_, tuple, required, result_, context);
    const bool failed = context.error != stdlib::RowError::None;
    tried_.errors += failed ? 1 : 0;
    const std::optional<Value> found = parsed(cell, result_);
    // What does not fit a varchar(n) is quarantined and never compared: its SQL is the value itself.
    if (failed && function_.name == "fit_length") return;
    if (found && (failed ? found->missing() : *found == expected)) return;
    std::string arguments;
    for (std::size_t i = 0; i < tuple.size(); ++i)
      arguments += fmt::format("{}{}", i == 0 ? "" : ", ", stdlib::literal(tuple[i], types_[i]));
    differ(fmt::format(
        "({}) -> {}: evaluator {}, SQL {}", arguments, stdlib::to_string(result_),
        failed ? fmt::format("error: {}", stdlib::text(context.error)) : stdlib::literal(expected, result_),
        cell ? "`" + *cell + "`" : "NULL"));
  }

  SqlServer& server_;
  const stdlib::Function& function_;
  std::vector<Type> types_;
  Type result_;
  bool literals_;
  bool typed_ = false;
  Tried& tried_;
};

}  // namespace

Tried try_row(SqlServer& server, const stdlib::Function& function, bool literals) {
  Tried tried;
  for (const std::vector<Type>& types : argument_types(function))
    for (const Type& result : result_types(function, types))
      if (result.kind != Kind::Error) Trial(server, function, types, result, literals, tried).run();
  return tried;
}

}  // namespace backfill::test
