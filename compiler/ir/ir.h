// SPDX-License-Identifier: Apache-2.0
// The typed program: everything is resolved, every operator is a row of the function table, every conversion
// is explicit. The reference evaluator, native code and SQL are three readings of the same expressions.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/schema/catalog.h"
#include "compiler/source/source.h"
#include "stdlib/function.h"
#include "stdlib/type.h"
#include "stdlib/value.h"

namespace backfill::ir {

enum class Op : std::uint8_t {
  Literal,  // value; `missing` is a Literal
  Input,    // inputs[input] of this row
  Now,      // the run's moment
  Call,     // function(arguments): functions, operators, conversions
  TryCall,  // the same, but a row error of this very call gives missing (`as T or missing`)
  And,  // two arguments; Kleene, left first: the right side's errors count only where the left is not false
  Or,   // two arguments; likewise, only where the left is not true
  Not,
  IsMissing,  // never missing itself
  Case,       // condition, value, condition, value, ..., else: first condition that is true; lazy
  Coalesce,   // first that is present; lazy
  In,         // arguments[0] in arguments[1..]; 3VL; all of one type
  // arguments[0] is a list or a JSON array (as canonical JSON text); for each element the condition
  // arguments[3] (true: it stays), then its value arguments[2], a JSON value or missing; arguments[1] is the
  // Element that both read. Gives a list; a row error of any element is one of the row.
  Each,
  Element,  // the element of the Each around it, as JSON; may be read in it alone
  // A column of the row that a Query looks at: `table`'s columns[input]. Stands in queries alone, which
  // the database computes; a row function never holds it.
  OtherColumn,
  // What `query` finds for the row that the query around it looks at; its arguments are all expressions of
  // `query`. Stands in queries alone.
  Query,
};

struct Query;

// Expressions are immutable and may be shared (a `let` used twice is one node: a DAG).
struct Expr {
  Op op = Op::Literal;
  stdlib::Type type;
  source::Span span;
  std::vector<const Expr*> arguments;
  stdlib::Value value;  // Literal
  int input = -1;       // Input; Element: how many Each stand around its own; OtherColumn: the column
  const stdlib::Function* function = nullptr;  // Call, TryCall
  int depth = 0;                         // OtherColumn: how many queries stand around the one whose row it is
  const schema::Table* table = nullptr;  // OtherColumn
  const Query* query = nullptr;          // Query
  std::string_view name;  // of the `let` it came from, for aliases in SQL and dumps; may be empty
};

// A column of this row, or one value of a query over other rows: the batch's read gives both.
struct Input {
  int column = -1;  // in Table::columns; -1: of a query
  stdlib::Type type;
  int query = -1;  // in RowFunction::queries
  int value = -1;  // in Query::values
};

enum class QueryKind : std::uint8_t {
  Unique,  // at most one row by a unique key of the schema
  First,   // the first row in `order`, which cannot tie
  Only,    // one row, or none; two are a row error
  Count,
  Exists,
  Sum,  // of nothing: 0
  Min,
  Max,
  List,
  // Has an earlier run of this backfill changed the row, and was that not rolled back? The table is the
  // scanned one, the only value a bool.
  Done,
  // What a program of the user's answers for the row (an extern function): it is asked once the batch is
  // read, and its answers are kept with the run. The table is the scanned one; null `where`; one value.
  Extern,
  // Of the rows of the table itself, in `order` within `partition`; their expressions read Input, of each of
  // those rows in turn.
  RowNumber,
  Lag,
  Lead,
  RunningSum,
  // The rows that share `partition`, of those that `where` does not rule out (its answer is missing or
  // true), in `order`: what a merge needs to know of the group of each. Of rows that are in none, missing.
  Group,
};
// What a value of a Group is.
enum class GroupValue : std::uint8_t {
  Place,     // of this row in the group, from 1: the first one survives
  Size,      // rows of the group
  Barred,    // some row of it is no candidate: QueryValue::expr says so of each
  Survivor,  // `expr`, a key column, of the first one
  FirstPresent,
  Sum,
  Min,
  Max,  // of `expr` over the group; Min and Max of bools: all, any
};

struct QueryOrder {
  const Expr* value = nullptr;  // missing comes last, whichever way
  bool descending = false;
};

// Unique, First, Only: a column of the row. Others have one value: what is summed, compared or listed, null
// for Count and Exists.
struct QueryValue {
  int column = -1;  // in Query::table's columns, as it is stored; -1: computed from `expr`
  const Expr* expr = nullptr;
  stdlib::Type type;
  GroupValue group = GroupValue::Place;  // Group
};

// What is asked of the rows of a table for each row of this one. Its expressions read OtherColumn and Input
// (columns of this row, and values of queries that stand before it), and hold queries of their own.
struct Query {
  QueryKind kind = QueryKind::Unique;
  std::string name;                      // "plan", or how people read it: "count of orders"
  const schema::Table* table = nullptr;  // of the Catalog
  const Expr* where = nullptr;           // null: every row
  const Expr* guard = nullptr;           // of a lookup, over this row: where it is not true there is no row
  std::vector<const Expr*> partition;    // windows
  std::int64_t offset = 1;               // Lag, Lead: so many rows before or behind
  std::vector<QueryOrder> order;
  std::vector<QueryValue> values;
  // Extern: a JSON object, over inputs of the row (earlier answers included). The value's `expr` makes what
  // the function gives of the JSON value that was answered, which stands in the answer's own input then.
  const Expr* asked = nullptr;
  // Columns that `where` compares with something of this row by `=`: what an index is looked for.
  std::vector<int> by;
  // There is always a row, by a foreign key: no row is a row error.
  bool certain = false;
  // Over the table that is written: computed once, when the run begins, and kept with it.
  bool frozen = false;
  source::Span span;
};

// The class of a row (LANGUAGE.md, Scope). Rule k of the scope: 3 + 2k holds, 4 + 2k its answer is missing.
enum ClassCode : std::int32_t { kOutOfScope = 0, kCandidate = 1, kUncertainWhere = 2, kFirstRule = 3 };

enum class RuleKind : std::uint8_t { Exclude, Review };
enum class UnknownAs : std::uint8_t { Uncertain, False, True };

struct Rule {
  RuleKind kind = RuleKind::Exclude;
  std::string name;
  const Expr* condition = nullptr;
  UnknownAs unknown = UnknownAs::Uncertain;
  std::string because;
  source::Span span;
};

// The row function: what a row becomes. All of it reads the row as it was before.
struct Output {
  int column = -1;  // in Table::columns
  int input = -1;   // the input that holds the prior value
  const Expr* final =
      nullptr;  // what the column is after the run; the prior value where the derivation does not apply
  source::Span span;
};

struct RowFunction {
  std::vector<Input> inputs;    // the key's columns first, in key order
  std::vector<Query> queries;   // in an order in which each reads earlier ones alone
  const Expr* where = nullptr;  // null: every row
  const Expr* guard = nullptr;  // intent fill: some derived column is missing; null otherwise. Never missing.
  std::vector<Rule> rules;      // in the order of the spec
  // int32, never missing, a ClassCode; Case over where, guard and rules. A row whose deciding condition fails
  // with a row error is uncertain by that condition: the evaluator walks where, guard and rules itself to say
  // so.
  const Expr* class_code = nullptr;
  std::vector<Output> outputs;  // one per derived column
  // What the effects need of each candidate: guards (bools, never missing) and values of columns.
  std::vector<const Expr*> values;
  // bool, never missing: some output is distinct from its prior value, or some effect's guard holds.
  const Expr* changed = nullptr;
  std::vector<const Expr*> stage_conditions;  // of `where` stages in order; true, or else false or missing
};

// What else the transaction of a candidate writes, in the order of the spec but for `delete`, which comes
// last.
enum class EffectKind : std::uint8_t {
  DeleteRow,     // this row; it is not derived then
  Insert,        // one row of `table`
  UpdateOthers,  // rows of `table` that belong to this row
  DeleteOthers,
};
enum class OnConflict : std::uint8_t { Quarantine, Nothing, Update };

// A column of the effect's table, and which of RowFunction::values it gets.
struct EffectColumn {
  int column = -1;
  int value = -1;
  bool of_element = false;  // the value is a list: one for each element of Effect::each
};

// Of a row that is written, a column that gets what another one of it holds.
struct CopiedColumn {
  int column = -1, from = -1;
  source::Span span;
};

struct Effect {
  EffectKind kind = EffectKind::DeleteRow;
  const schema::Table* table = nullptr;  // whose rows it writes
  int guard = -1;                        // of RowFunction::values; -1: it applies to every candidate
  int unless = -1;                       // Insert, likewise: nothing is inserted where it holds; -1: never
  std::vector<EffectColumn> columns;     // Insert: what is given
  std::vector<int> key;                  // Insert: of `table`, by which the row is found again
  OnConflict on_conflict = OnConflict::Quarantine;
  bool ensures = false;  // Insert: a row that is there already is found, and as good as the one that is made
  bool always = false;   // Insert: whatever is there; once per row by the run's own record
  std::vector<int> conflict;         // Insert: a unique key of `table`; empty: none was named
  std::vector<EffectColumn> update;  // OnConflict::Update
  // Insert: a value of the conflict's columns may be missing, and agrees with a missing one.
  bool missing_agrees = false;
  // Insert: of RowFunction::values, a list: one row is inserted for each of its elements; where the guard
  // holds there is one. -1: one row.
  int each = -1;
  // Where these apply they must have done something, else this one does nothing: what is moved elsewhere is
  // deleted here only if it has arrived. Indexes of Backfill::effects.
  std::vector<int> after;
  int outcome = -1;                  // the group that it stands in; -1: none
  std::vector<CopiedColumn> copied;  // UpdateOthers, beside `columns`
  // UpdateOthers, DeleteOthers: which rows, over OtherColumn and Input. A proof says that no row of `table`
  // is one for two rows. `reads`: each input that it reads, and which of RowFunction::values holds it.
  const Expr* where = nullptr;
  std::vector<std::pair<int, int>> reads;
  // Or of a merge: the Group (of RowFunction::queries), for whose first row this is. Rows of `table` whose
  // column `pointer` has the column `referenced` of the others; -1: those others themselves.
  int merges = -1, pointer = -1, referenced = -1;
  // DeleteOthers with a pointer: of the rows that would be equal in these columns, were they repointed, all
  // but the first.
  std::vector<int> collides;
  source::Span span;
};

// What is taken from the row that an effect made or found: known only once that is written. In place of it
// the output's final value is the prior one, and the value is missing.
struct Passed {
  int effect = -1, column = -1;  // of Backfill::effects, of its table
  int output = -1;               // of RowFunction::outputs, or
  int value = -1;                // of RowFunction::values
  bool fills = false;            // output: only where the prior value is missing
  int guard = -1;                // of RowFunction::values; it is passed where this holds; -1: always
};

enum class Intent : std::uint8_t { Fill, Recompute, Amend, Reinterpret };
enum class StageKind : std::uint8_t { SampleRows, SamplePercent, Where, Keys, Rest };
enum class GateKind : std::uint8_t { Verified, Approval };

struct Gate {
  GateKind kind = GateKind::Verified;
  std::string who;  // Approval
};

struct Stage {
  std::string name;
  StageKind kind = StageKind::Rest;
  std::int64_t rows = 0;                         // SampleRows
  double fraction = 0;                           // SamplePercent: 0.1 for 10%
  std::uint64_t seed = 0;                        // samples
  int condition = -1;                            // Where: index into stage_conditions
  std::vector<std::vector<stdlib::Value>> keys;  // Keys
  std::vector<Gate> gates;                       // what must hold before the next stage
  source::Span span;
};

struct Pace {
  std::int64_t batch_min = 500;
  std::int64_t batch_max = 20000;
  std::int64_t aim_us = 100'000;     // a batch's transaction should last about this long
  std::int64_t pause_us = 0;         // between batches
  std::int64_t rows_per_second = 0;  // 0: not limited
  double stop_quarantined = -1;      // fraction of the rows done; negative: never
};

struct VerifyStep {
  std::int64_t rows = 0;  // sample N rows
  double fraction = 0;    // 1% -> 0.01
  bool all = false;
};

// A test of the spec: one row given by name, what is expected of it.
struct TestExpectation {
  enum class Kind : std::uint8_t {
    Values,
    Class,
    Uncertain,
    Unchanged,
    Quarantined,
    Deleted,
    Outcome,
    Inserted
  } kind = Kind::Values;
  std::int32_t class_code = kCandidate;               // Class
  std::vector<std::pair<int, stdlib::Value>> values;  // Values: column of the table, what it is afterwards
  // Inserted: into `table`, rows with these values of its columns.
  const schema::Table* table = nullptr;
  std::vector<std::vector<std::pair<int, stdlib::Value>>> rows;
  int outcome = -1;  // Outcome: of Backfill::outcomes
  source::Span span;
};
// The moment of a test that sets none: fixed, so that a test says the same tomorrow (2030-01-01T00:00:00Z).
constexpr std::int64_t kTestNow = 1'893'456'000'000'000;
struct Test {
  std::string name;
  std::vector<stdlib::Value> inputs;  // one per RowFunction::inputs; missing where not given
  std::int64_t now = kTestNow;
  std::vector<TestExpectation> expects;
  source::Span span;
};

// `source legacy from "legacy.csv" { ... }`: a file whose rows queries read as those of a table.
struct SourceFile {
  // Of no schema: its name, a column for each field, the key fields as its unique key, and an index for each
  // set of columns that a query compares.
  schema::Table table;
  std::string path;  // as the spec writes it
  std::string file;  // from where the program stands: beside the spec
  source::Span span;
};

struct Backfill;

// `requires`: a condition over the tables, asked before the first write and before each stage.
struct Requirement {
  std::string text;                       // as the spec says it
  std::shared_ptr<const Backfill> asked;  // RowFunction::where over its queries; it reads no row of its table
};

struct Backfill {
  std::string name, about, owner;
  Intent intent = Intent::Fill;
  const schema::Table* table = nullptr;  // of the Catalog, which outlives the Backfill
  std::vector<int> key;                  // columns
  RowFunction row;
  std::vector<Effect> effects;  // but derivations
  std::vector<Passed> passed;
  std::vector<std::string> outcomes;  // names of guarded groups, in order
  int outcome = -1;  // of RowFunction::values: int32, the index of the row's outcome, -1: none; -1: no groups
  std::vector<Stage> stages;  // never empty: one `rest` where the spec has none
  Pace pace;
  std::vector<VerifyStep> verify;
  bool capture = true;
  std::int64_t keep_days = 30;                            // of captured prior values
  std::vector<std::pair<std::string, std::string>> tell;  // who, what
  std::string visible, decision_bearing;
  std::vector<Test> tests;
  std::vector<Requirement> requirements;
  std::vector<std::string> runs_after;  // names of backfills that must have finished, and be verified
  source::Span span;
  // now() of the run, for queries, which the database computes; nothing: no run has set it.
  std::optional<std::int64_t> moment;
  // The files that queries read; never null. Query::table may point into them.
  std::shared_ptr<std::deque<SourceFile>> sources = std::make_shared<std::deque<SourceFile>>();
  // Whose tables hold the files' rows: the run's; 0: temporary ones of the transaction; nothing: no one's
  // yet, and they are named as the spec does.
  std::optional<std::int64_t> sources_in;
  // For Done queries: the runs whose corrections tell which rows were done. Set with the moment.
  std::vector<std::int64_t> done_in;

  // Owns every Expr that the pointers above name.
  std::shared_ptr<std::deque<Expr>> arena = std::make_shared<std::deque<Expr>>();
  // Owns the queries inside of queries.
  std::shared_ptr<std::deque<Query>> inner = std::make_shared<std::deque<Query>>();
};

// "candidate", "excluded too_new", "review ambiguous", "uncertain (where)", "uncertain (too_new)", "out of
// scope".
std::string class_name(const Backfill& backfill, std::int32_t code);
// Number of codes: 3 + 2 * rules.
std::size_t class_count(const Backfill& backfill);

// Of scope and derivations alone (not comments, stages, pace, prose): what a resumed run must share. 16 hex
// digits.
std::string fingerprint(const Backfill& backfill);
// One expression in the language's own notation with types, for dumps and goldens.
std::string dump(const Expr& expr, const Backfill& backfill);
std::string dump(const Backfill& backfill);

// The same scope and stages, deriving nothing: what counts classes. Inputs keep their places.
Backfill classification(const Backfill& backfill);
// Per input: is it part of the key, the prior value of an output, or read by some expression? Others need not
// be read.
std::vector<bool> inputs_read(const Backfill& backfill);
// May a row fail: is some function called that has row errors?
bool can_fail(const Backfill& backfill);
// May writing one row change another one: by a trigger, by a foreign key of the table to itself, or by one
// that hands a written column on to rows whose own triggers may do anything?
bool reaches_other_rows(const Backfill& backfill);

// "email", "plan.seats", "count of orders": how people read an input.
std::string input_name(const Backfill& backfill, int input);
// The column that holds it; of what a query computes, one that stands in no table.
schema::Column input_column(const Backfill& backfill, int input);
// Is it a column, of this table or another one, as it is stored?
bool is_stored(const Backfill& backfill, int input);
// Of a required input that a query found nothing for: why that is a row error.
std::string why_absent(const Backfill& backfill, int input);
// Does a row that an earlier run has changed stay as it is?
bool is_once(const Backfill& backfill);
constexpr std::string_view kDoneBefore = "done_before";  // the exclusion that says so
// Of rows that a merge deletes, and of groups of which some row is no candidate.
constexpr std::string_view kMergedIntoAnother = "merged_into_another", kGroupLeftAlone = "group_left_alone";
// Columns of this row that the expressions read, by way of queries too.
std::set<int> columns_read(const Backfill& backfill, const std::vector<const Expr*>& exprs);
// Per query: is a value of it read, by the row function or by a query that is?
std::vector<bool> queries_read(const Backfill& backfill);
// The queries inside of it, at any depth, each behind the one that it stands in.
std::vector<const Query*> inner_queries(const Query& query);
// Queries that extern functions answer and that are read; in the order in which they are asked.
std::vector<std::size_t> externs_read(const Backfill& backfill);
// Does it read, by way of queries too, what an extern function answers? The input that does; -1: none.
int extern_read_by(const Backfill& backfill, const std::vector<const Expr*>& exprs);
// Other tables that the queries read, each once, with the columns.
std::vector<std::pair<const schema::Table*, std::set<int>>> tables_read(const Backfill& backfill);

// The source whose rows the table stands for; null: a table of the schema.
const SourceFile* source_of(const Backfill& backfill, const schema::Table& table);
// Those that queries read, in the order of the spec.
std::vector<const SourceFile*> sources_read(const Backfill& backfill);

// Does any path from `expr` read this row? A constant of the run reads none (it may read Now).
bool reads_row(const Expr& expr);

// The one that deletes the row itself; null: none.
const Effect* deletes_row(const Backfill& backfill);
// What is passed to this output or value; null: nothing.
const Passed* passed_to_output(const Backfill& backfill, std::size_t output);
const Passed* passed_to_value(const Backfill& backfill, int value);
// Is it the scanned table, or one that a query looks at?
bool is_asked(const Backfill& backfill, const schema::Table& table);
std::size_t delete_index(const Backfill& backfill);  // of it; without one: behind the last
// "delete", "insert into billing.archive".
std::string effect_name(const Effect& effect);

}  // namespace backfill::ir
