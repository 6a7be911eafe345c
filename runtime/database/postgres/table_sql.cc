// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/table_sql.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <set>

#include "compiler/lower/sql/statements.h"
#include "runtime/database/postgres/dialect.h"
#include "stdlib/bug.h"

namespace backfill::database::postgres {

namespace {

std::string in_bookkeeping(const std::string& name) {
  return "backfill." + dialect().quote(name);
}

// What is frozen does not change, nor what earlier runs have done, nor what a program has answered.
bool is_asked_again(const ir::Backfill& backfill, const ir::Input& input) {
  if (input.query < 0) return false;
  const ir::Query& query = backfill.row.queries[static_cast<std::size_t>(input.query)];
  return !query.frozen && query.kind != ir::QueryKind::Done && query.kind != ir::QueryKind::Extern;
}

bool is_guarded(const ir::Backfill& backfill) {
  const std::vector<bool> read = ir::inputs_read(backfill);
  for (std::size_t i = 0; i < read.size(); ++i)
    if (read[i] && is_asked_again(backfill, backfill.row.inputs[i])) return true;
  return false;
}

// Columns of this row by which is found what is asked again.
std::set<int> guarded_by(const ir::Backfill& backfill) {
  std::vector<ir::Expr> inputs(backfill.row.inputs.size());
  std::vector<const ir::Expr*> asked;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    inputs[i].op = ir::Op::Input;
    inputs[i].input = static_cast<int>(i);
    if (is_asked_again(backfill, backfill.row.inputs[i])) asked.push_back(&inputs[i]);
  }
  return ir::columns_read(backfill, asked);
}

// What these read, or queries inside of them. Nothing: other things than tables, or the table that is
// written.
std::optional<std::vector<const schema::Table*>> tables_asked(const ir::Backfill& backfill) {
  std::vector<const schema::Table*> tables;
  bool fits = ir::sources_read(backfill).empty();
  const auto look = [&](const ir::Query& query, const auto& self) -> void {
    if (query.frozen || query.kind == ir::QueryKind::Done || query.kind == ir::QueryKind::Extern) return;
    fits =
        fits && query.table != nullptr && query.table->qualified_name() != backfill.table->qualified_name();
    tables.push_back(query.table);
    for (const ir::Query* const inner : ir::inner_queries(query)) self(*inner, self);
  };
  for (const ir::Query& query : backfill.row.queries) look(query, look);
  return fits ? std::optional(tables) : std::nullopt;
}

std::string joined(const std::vector<std::string>& parts, std::string_view with = ", ") {
  return fmt::format("{}", fmt::join(parts, with));
}

}  // namespace

TableSql::TableSql(const ir::Backfill& backfill, std::vector<StoredType> types, std::int64_t run,
                   std::vector<std::vector<StoredType>> effect_types)
    : backfill_(backfill),
      run_(run),
      types_(std::move(types)),
      effect_types_(std::move(effect_types)),
      key_(backfill, dialect(), run == 0 ? lower_sql::EffectName() : effect_name()),
      k_(static_cast<int>(backfill.key.size())),
      meets_again_(run != 0 && database_sql::may_meet_again(backfill)),
      has_queries_(is_guarded(backfill)),
      by_place_(backfill.table->kind == schema::TableKind::Table && backfill.effects.empty()),
      may_be_quiet_(has_queries_ && by_place_ && tables_asked(backfill)),
      table_(dialect().table(*backfill.table)),
      corrections_(in_bookkeeping(lower_sql::corrections_table(run))),
      quarantine_(in_bookkeeping(lower_sql::quarantine_table(run))),
      frozen_(run == 0 ? "" : in_bookkeeping(lower_sql::frozen_table(run))),
      answers_(run == 0 ? "" : in_bookkeeping(lower_sql::answers_table(run))) {
  for (std::size_t i = 0; i < types_.size(); ++i)
    sent_.push_back(sent_as(backfill.table->columns[i].type, types_[i].spelled));
  if (!has_queries_) return;
  for (const int column : guarded_by(backfill))
    if (std::ranges::find(backfill.key, column) == backfill.key.end()) guard_columns_.push_back(column);
  guard_in_set_ = std::ranges::all_of(guard_columns_, [this](int column) {
    return sent(column).element != 0 && schema_of(column).type.kind != stdlib::Kind::Json;
  });
  if (!guard_in_set_) guard_columns_.clear();
}

void TableSql::leave_out(const LeftOut& rows) {
  if (rows.since)
    left_out_ = " AND " + is_since(*rows.since);
  else if (rows.corrected_by != 0)
    left_out_ =
        fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS c WHERE {})",
                    in_bookkeeping(lower_sql::corrections_table(rows.corrected_by)), key_.same("c", "t"));
}

std::string TableSql::versions_array(bool with_found) const {
  std::string arrays = ", xid[], tid[]";
  if (!with_found) return arrays;
  arrays += ", text[]";
  for (const int column : guard_columns_) arrays += fmt::format(", {}", sent(column).array);
  return arrays;
}

std::string TableSql::versions_name(bool with_found) const {
  std::string names = ", x, p";
  if (!with_found) return names;
  names += ", f";
  for (std::size_t i = 0; i < guard_columns_.size(); ++i) names += fmt::format(", w{}", i);
  return names;
}

// The rows that are sent, each with what is found for it now: one join for all. Expressions in it have a `v`
// of their own.
std::string TableSql::found_again(const std::string& rows) const {
  const auto own = [this](int column) {
    const auto key = std::ranges::find(backfill_.key, column);
    if (key != backfill_.key.end())
      return fmt::format("sent.k{}{}", key - backfill_.key.begin(), cast(column));
    const auto at = std::ranges::find(guard_columns_, column);
    return at == guard_columns_.end() ? "NULL"
                                      : fmt::format("sent.w{}{}", at - guard_columns_.begin(), cast(column));
  };
  const lower_sql::Joins joins(backfill_, dialect(), std::nullopt, own, ir::queries_read(backfill_), frozen_,
                               run_ == 0 ? lower_sql::EffectName() : effect_name());
  return fmt::format("(SELECT sent.*, {} AS found FROM (SELECT v.* FROM {}) AS sent{})", found(joins), rows,
                     joins.from());
}

// Of what is not computed with, only whether it is there.
std::string TableSql::shown(int input, const std::string& sql) const {
  if (backfill_.row.inputs[static_cast<std::size_t>(input)].type.kind != stdlib::Kind::Opaque) return sql;
  return fmt::format("CASE WHEN num_nonnulls({}) = 1 THEN ''::text END", sql);
}

// What nothing reads is not taken out of the row: long texts cost.
std::string TableSql::inputs(const lower_sql::Joins& joins) const {
  const std::vector<bool> read = ir::inputs_read(backfill_);
  std::vector<std::string> inputs;
  for (std::size_t i = 0; i < read.size(); ++i)
    inputs.push_back(read[i] || is_guard(backfill_.row.inputs[i].column)
                         ? shown(static_cast<int>(i), joins.value(static_cast<int>(i)))
                         : "NULL");
  if (has_queries()) inputs.push_back(found(joins));
  return joined(inputs);
}

// All that the row function reads of other rows, as one text: what the write compares with what it finds.
std::string TableSql::found(const lower_sql::Joins& joins) const {
  const std::vector<bool> read = ir::inputs_read(backfill_);
  std::vector<std::string> values;
  for (std::size_t i = 0; i < read.size(); ++i)
    if (read[i] && is_asked_again(backfill_, backfill_.row.inputs[i]))
      values.push_back(joins.value(static_cast<int>(i)));
  // A row's text costs more than the value's own.
  return values.size() == 1 ? fmt::format("({})::text", values[0])
                            : fmt::format("ROW({})::text", joined(values));
}

std::string TableSql::read(Open open) const {
  std::string where = key_.range("t", open);
  if (meets_again_)
    where +=
        fmt::format(" AND NOT EXISTS (SELECT 1 FROM {} AS c WHERE {})", corrections_, key_.same("c", "t"));
  where += left_out_;
  if (run_ != 0) where += lower_sql::not_inserted(backfill_, dialect(), *backfill_.table, "t", effect_name());
  const lower_sql::Joins joins = key_.joins("t", frozen_);
  where += joins.decided();
  const std::string_view version = run_ == 0 ? "" : ", t.ctid, t.xmin";  // without a run nothing is written
  // The page first, by the key's index: what is looked up is looked up for its rows alone.
  if (!has_queries())
    return fmt::format("SELECT {}{} FROM {} AS t{} WHERE {} ORDER BY {} LIMIT ${}", inputs(joins), version,
                       table_, joins.from(), where, key_.list("t"), key_.behind(open));
  std::vector<std::string> columns;
  for (const ir::Input& input : backfill_.row.inputs)
    if (input.query < 0) columns.push_back(key_.column("t", input.column));
  const std::string page =
      fmt::format("SELECT {}{} FROM {} AS t WHERE {} ORDER BY {} LIMIT ${}", joined(columns), version, table_,
                  where, key_.list("t"), key_.behind(open));
  return fmt::format("SELECT {}{} FROM ({}) AS t{} ORDER BY {}", inputs(joins), version, page, joins.from(),
                     key_.list("t"));
}

std::string TableSql::read_again() const {
  const lower_sql::Joins joins = key_.joins("t", frozen_);
  return fmt::format(
      "SELECT {}, t.ctid, t.xmin FROM {} AS t JOIN {} AS v({}) ON {}{} ORDER BY {} FOR NO KEY UPDATE OF t",
      inputs(joins), table_, unnested(key_arrays(), 1), key_names(), same_key_as_bound(), joins.from(),
      key_.list("t"));
}

// Values of queries as they are at the write are those that were read.
std::string TableSql::same_found() const {
  if (!has_queries()) return "";
  const lower_sql::Joins joins = key_.joins("t", frozen_);
  return fmt::format(" AND (SELECT {} FROM (SELECT) AS one{}) IS NOT DISTINCT FROM v.f", found(joins),
                     joins.from());
}

std::string TableSql::read_for_verify(Open open) const {
  const auto shown_as = [this](int input, const std::string& sql) { return shown(input, sql); };
  const std::string table = lower_sql::rows_of_run(backfill_, dialect(), table_, effect_name());
  return fmt::format(
      "{} LIMIT ${}",
      key_.read_for_verify(table, corrections_, quarantine_, open, shown_as, frozen_, answers_),
      key_.behind(open));
}

// Enums and lists come as texts; of character(n) the padding is part of the type.
std::string TableSql::cast(int column) const {
  const StoredType& type = types_[static_cast<std::size_t>(column)];
  const bool converts = type.is_enum || type.spelled.starts_with("character(") ||
                        sent(column).list_element != 0 || sent(column).is_address;
  return converts ? "::" + type.spelled : "";
}

std::string TableSql::key_arrays() const {
  std::vector<std::string> arrays;
  for (const int key : backfill_.key) arrays.emplace_back(sent(key).array);
  return joined(arrays);
}

std::string TableSql::key_names() const {
  std::vector<std::string> names;
  for (int i = 0; i < k_; ++i) names.push_back(fmt::format("k{}", i));
  return joined(names);
}

// unnest($1::int8[], $2::text[]) of a list of array types. Its form with several arrays has no name with a
// schema.
std::string TableSql::unnested(std::string_view arrays, int from, bool hidden) const {
  std::string call = "unnest(";
  while (!arrays.empty()) {
    const std::size_t end = arrays.find(", ");
    const std::string array = fmt::format("${}::{}", from++, arrays.substr(0, end));
    call += hidden ? "(SELECT " + array + ")" : array;
    arrays.remove_prefix(end == std::string_view::npos ? arrays.size() : end + 2);
    call += arrays.empty() ? ")" : ", ";
  }
  return call;
}

std::string TableSql::same_key_as_bound() const {
  std::vector<std::string> parts;
  for (int i = 0; i < k_; ++i) {
    const int column = backfill_.key[static_cast<std::size_t>(i)];
    parts.push_back(
        fmt::format("{} OPERATOR(pg_catalog.=) v.k{}{}", key_.column("t", column), i, cast(column)));
  }
  return joined(parts, " AND ");
}

std::string TableSql::between(std::string_view alias, int from, std::string_view prefix) const {
  const std::string key = key_.row_value(alias, prefix);
  return fmt::format("{0} OPERATOR(pg_catalog.>=) {1} AND {0} OPERATOR(pg_catalog.<=) {2}", key,
                     key_.placeholders(from), key_.placeholders(from + k_));
}

// Each row by its place, in a nested loop: arrays in subqueries look small to the planner. Where rows have no
// place of their own, the range is there for the planner: it joins by hash then, not by a search per key
// (PERFORMANCE.md). Operators are named with their schema, for the application's search_path stands while it
// runs.
std::string TableSql::update(bool which, Guard guard) const {
  const bool with_found = has_queries_ && guard != Guard::Snapshot;
  std::vector<std::string> sets, as_sent;
  std::string arrays = key_arrays() + versions_array(with_found),
              names = key_names() + versions_name(with_found);
  for (std::size_t i = 0; i < backfill_.row.outputs.size(); ++i) {
    const int column = backfill_.row.outputs[i].column;
    const std::string sent_value = fmt::format("v.n{}{}", i, cast(column));
    sets.push_back(fmt::format("{} = {}", key_.name(column), sent_value));
    as_sent.push_back(fmt::format("{} IS NOT DISTINCT FROM {}", compared(key_.column("t", column), column),
                                  compared(fmt::format("({})::{}", sent_value, spelled(column)), column)));
    arrays += fmt::format(", {}", sent(column).array);
    names += fmt::format(", n{}", i);
  }
  const int behind = k_ + 1 + versions_count(with_found) + static_cast<int>(backfill_.row.outputs.size());
  const std::string sent_rows = fmt::format("{}{} AS v({}{})", unnested(arrays, 1, by_place_),
                                            which ? " WITH ORDINALITY" : "", names, which ? ", i" : "");
  const bool in_set = guard == Guard::Again && guard_in_set_;
  // CASE, for the planner takes a bare comparison to hold for one row of 200, and looks each up by its key.
  const std::string same = in_set ? " AND CASE WHEN v.found IS NOT DISTINCT FROM v.f THEN TRUE END"
                           : guard == Guard::Again    ? same_found()
                           : guard == Guard::Snapshot ? same_snapshot(behind)
                                                      : "";
  return fmt::format(
      "UPDATE {} AS t SET {} FROM {} WHERE {} AND {} AND t.xmin OPERATOR(pg_catalog.=) v.x{}{}", table_,
      joined(sets), in_set ? found_again(sent_rows) + " AS v" : sent_rows, same_key_as_bound(),
      by_place_ ? "t.ctid OPERATOR(pg_catalog.=) v.p" : between("t", behind), same,
      which ? fmt::format(" RETURNING v.i, {}", joined(as_sent, " AND ")) : "");
}

// Asked once, before any row is looked at.
std::string TableSql::same_snapshot(int bound) const {
  return fmt::format(
      " AND pg_catalog.pg_current_snapshot()::pg_catalog.text OPERATOR(pg_catalog.=) ${}::pg_catalog.text",
      bound);
}

// Triggers, rules, and keys that hand a new value on would write elsewhere as the run writes here; views and
// foreign tables change without anybody's commit here. Asked each time: the answer is of the snapshot too.
std::string TableSql::quiet() const {
  const auto id = [](const schema::Table& table) {
    return dialect().literal(dialect().table(table), {stdlib::Kind::Text}) + "::regclass";
  };
  std::string read = id(*backfill_.table);
  const auto asked = tables_asked(backfill_);
  BACKFILL_CHECK(asked, "what is read is no plain table");
  for (const schema::Table* const table : *asked) read += ", " + id(*table);
  return fmt::format(
      "SELECT pg_current_snapshot()::text, pg_current_xact_id()::text,"
      " NOT EXISTS (SELECT FROM pg_trigger WHERE tgrelid = {0} AND (NOT tgisinternal OR tgfoid IN"
      " ('\"RI_FKey_cascade_upd\"'::regproc, '\"RI_FKey_setnull_upd\"'::regproc,"
      " '\"RI_FKey_setdefault_upd\"'::regproc)))"
      " AND NOT EXISTS (SELECT FROM pg_rewrite WHERE ev_class = {0})"
      " AND NOT EXISTS (SELECT FROM pg_class WHERE oid IN ({1}) AND (relkind <> 'r' OR relhassubclass))",
      id(*backfill_.table), read);
}

// A page on which a row is found by an index is freed of what updates have left dead in it, which finding a
// row by its place does not: there is room for new versions then.
std::string TableSql::prune() const {
  return fmt::format("SELECT count(*) FROM {} AS v({}) JOIN {} AS t ON {}", unnested(key_arrays(), 1, true),
                     key_names(), table_, same_key_as_bound());
}

std::string TableSql::versions() const {
  return fmt::format(
      "SELECT v.i, t.xmin = v.x AND t.ctid = v.p{} FROM {} WITH ORDINALITY AS v({}{}, i) JOIN {} AS t ON {}",
      same_found(), unnested(key_arrays() + versions_array(), 1), key_names(), versions_name(), table_,
      same_key_as_bound());
}

std::string TableSql::least_and_greatest_key() const {
  return fmt::format("SELECT min({0})::int8, max({0})::int8 FROM {1} AS t", key_.list("t"), table_);
}

std::string TableSql::any_null_key() const {
  std::vector<std::string> parts;
  for (const int key : backfill_.key) parts.push_back(key_.column("t", key) + " IS NULL");
  return fmt::format("SELECT 1 FROM {} AS t WHERE {} LIMIT 1", table_, joined(parts, " OR "));
}

}  // namespace backfill::database::postgres
