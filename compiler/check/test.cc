// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/source_file.h"
#include "compiler/check/target.h"
#include "compiler/check/test_answers.h"
#include "compiler/evaluate/evaluate.h"
#include "compiler/evaluate/queries.h"

namespace backfill::check {

namespace {

int column_of(Context& context, const syntax::Name& name) {
  const int index = context.table().find(name.text);
  if (index >= 0) return index;
  report_unknown_column(context, Code::TestUnknownColumn, name);
  return -1;
}

const schema::Column& column_at(const Context& context, int column) {
  return context.table().columns[static_cast<std::size_t>(column)];
}

const ir::Expr* value_written(Context& context, const syntax::TestValue& value);

// `{ theme: 'dark' }` as a JSON document.
const ir::Expr* document_written(Context& context, const syntax::TestValue& value) {
  std::vector<const ir::Expr*> parts;
  for (const syntax::TestField& field : value.fields) {
    const ir::Expr* name = context.literal(field.name.text, stdlib::text(), field.name.span);
    parts.push_back(to_json(context, name, field.name.span));
    parts.push_back(to_json(context, value_written(context, field.value), field.value.span));
  }
  for (const syntax::TestValue& item : value.items)
    parts.push_back(to_json(context, value_written(context, item), item.span));
  const bool object = value.kind == syntax::TestValueKind::Object;
  if (parts.empty())
    return context.literal(std::string(object ? "{}" : "[]"), stdlib::make(stdlib::Kind::Json), value.span);
  return apply(context, object ? "json_object" : "json_array", std::move(parts), value.span);
}

const ir::Expr* value_written(Context& context, const syntax::TestValue& value) {
  if (value.kind == syntax::TestValueKind::Expression) return check_expression(context, *value.expression);
  return document_written(context, value);
}

// The value written for a column, with the test's moment for now().
std::optional<stdlib::Value> value_of(Context& context, const syntax::TestField& field,
                                      const schema::Column& column, std::int64_t now) {
  const ir::Expr* written = value_written(context, field.value);
  const bool json = column.type.kind == stdlib::Kind::Json;
  if (json && written->type.kind != stdlib::Kind::Missing)
    written = to_json(context, written, field.value.span);
  const ir::Expr* value = assign(context, written, column, field.value.span);
  if (value->type.kind == stdlib::Kind::Error) return std::nullopt;
  if (ir::reads_row(*value)) {
    context.report(Code::TestValue, field.value.span, "a test gives values, it reads no row",
                   "write the value itself");
    return std::nullopt;
  }
  const evaluate::Outcome outcome = evaluate::evaluate(*value, {}, {now});
  if (!outcome.failure) return outcome.value;
  context.report(Code::TestValue, field.value.span, outcome.failure->message);
  return std::nullopt;
}

// The columns that are given, whether or not their values fit.
std::set<int> set_given(Context& context, const syntax::TestRow& row, ir::Test& out) {
  const auto& inputs = context.out().row.inputs;
  std::set<int> given;
  for (const syntax::TestField& field : row.fields) {
    const int column = column_of(context, field.name);
    if (column < 0) continue;
    if (!given.insert(column).second)
      context.report(Code::DuplicateName, field.name.span,
                     fmt::format("`{}` is given twice", field.name.text), "leave one of them out");
    const std::optional<stdlib::Value> value = value_of(context, field, column_at(context, column), out.now);
    const auto input = std::ranges::find(inputs, column, &ir::Input::column);
    if (value && value->missing() && context.table().columns[static_cast<std::size_t>(column)].not_null)
      context.report(Code::TestValue, field.value.span,
                     fmt::format("`{}` is NOT NULL in the schema", field.name.text), "give a value");
    const auto index = static_cast<std::size_t>(input - inputs.begin());
    // A column that only a wrong value of this test reads is an input by now, but none of the test's.
    if (value && index < out.inputs.size()) out.inputs[index] = *value;
  }
  return given;
}

void check_given(Context& context, const syntax::Test& test, const ir::Test& out,
                 const std::set<int>& given) {
  std::string lacking;
  const std::size_t keys = context.out().key.size();
  const auto& inputs = context.out().row.inputs;
  for (std::size_t k = keys; k < out.inputs.size(); ++k) {
    if (inputs[k].query >= 0) continue;
    const schema::Column& column = context.table().columns[static_cast<std::size_t>(inputs[k].column)];
    if (!given.contains(inputs[k].column) && !column.type.optional)
      lacking += (lacking.empty() ? "`" : "`, `") + column.name;
  }
  if (lacking.empty()) return;
  context.report(
      Code::TestIncomplete, test.name.span,
      fmt::format("the backfill reads {}`, NOT NULL in the schema, and the test gives no value", lacking),
      "give it in `given { ... }`");
}

void report_unknown_rule(Context& context, const syntax::Name& name, std::string_view kind) {
  Diagnostic diagnostic{.code = Code::TestUnknownRule, .span = name.span};
  diagnostic.message = fmt::format("the scope has no {} called `{}`", kind, name.text);
  std::vector<std::string> names;
  for (const ir::Rule& rule : context.out().row.rules) {
    const bool review = rule.kind == ir::RuleKind::Review;
    if (rule.name == name.text)
      diagnostic.help = fmt::format("it is {}", review ? "a review" : "an exclusion");
    names.push_back(rule.name);
  }
  const std::string nearest = diagnostic::nearest(name.text, names);
  if (diagnostic.help.empty() && !nearest.empty())
    diagnostic.help = fmt::format("did you mean `{}`?", nearest);
  if (diagnostic.help.empty() && !names.empty())
    diagnostic.notes.push_back(fmt::format("it has {}", fmt::join(names, ", ")));
  context.report(std::move(diagnostic));
}

std::optional<std::int32_t> rule_code(Context& context, const syntax::TestExpect& expect, ir::RuleKind kind) {
  const auto& rules = context.out().row.rules;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    if (rules[k].name == expect.name->text && rules[k].kind == kind)
      return static_cast<std::int32_t>(ir::kFirstRule + 2 * k);
  }
  report_unknown_rule(context, *expect.name, kind == ir::RuleKind::Exclude ? "exclusion" : "review");
  return std::nullopt;
}

std::optional<std::int32_t> uncertain_code(Context& context, const syntax::TestExpect& expect) {
  if (expect.name->text == "where") return ir::kUncertainWhere;
  const auto& rules = context.out().row.rules;
  for (std::size_t k = 0; k < rules.size(); ++k) {
    if (rules[k].name == expect.name->text) return static_cast<std::int32_t>(ir::kFirstRule + 2 * k + 1);
  }
  report_unknown_rule(context, *expect.name, "rule");
  return std::nullopt;
}

bool is_derived(const Context& context, int column) {
  bool derived = false;
  each_derive(context.spec(), [&](const syntax::Effect& effect) {
    derived = derived || context.table().find(effect.target.text) == column;
  });
  return derived;
}

void set_outcome(Context& context, const syntax::TestExpect& expect, ir::TestExpectation& out) {
  const auto& names = context.out().outcomes;
  out.kind = ir::TestExpectation::Kind::Outcome;
  const auto found = std::ranges::find(names, expect.name->text);
  out.outcome = static_cast<int>(found - names.begin());
  if (found != names.end()) return;
  Diagnostic diagnostic{.code = Code::TestUnknownRule, .span = expect.name->span};
  diagnostic.message = fmt::format("no outcome is called `{}`", expect.name->text);
  if (!names.empty()) diagnostic.notes.push_back(fmt::format("there are {}", fmt::join(names, ", ")));
  diagnostic.help = "name one of a `when ... as NAME { ... }`";
  context.report(std::move(diagnostic));
}

// `expect archive [ { id: 1 } ]`: rows that are inserted there.
void set_inserted(Context& context, const syntax::TestExpect& expect, std::int64_t now,
                  ir::TestExpectation& out) {
  out.kind = ir::TestExpectation::Kind::Inserted;
  out.table = find_table(*expect.rows.table, context.catalog(),
                         [&](Diagnostic diagnostic) { context.report(std::move(diagnostic)); });
  if (out.table == nullptr) return;
  const auto into = [&](const ir::Effect& effect) {
    return effect.kind == ir::EffectKind::Insert && effect.table == out.table;
  };
  if (std::ranges::none_of(context.out().effects, into))
    context.report(Code::TestUnknownColumn, expect.span,
                   fmt::format("the backfill inserts nothing into `{}`", out.table->qualified_name()),
                   "leave it out");
  for (const syntax::TestRow& row : expect.rows.rows) {
    auto& values = out.rows.emplace_back();
    for (const syntax::TestField& field : row.fields) {
      const int column = out.table->find(field.name.text);
      if (column < 0) {
        report_unknown_column_of(context, *out.table, Code::TestUnknownColumn, field.name);
        continue;
      }
      const schema::Column& of = out.table->columns[static_cast<std::size_t>(column)];
      if (const auto value = value_of(context, field, of, now)) values.emplace_back(column, *value);
    }
  }
}

void set_values(Context& context, const syntax::TestExpect& expect, std::int64_t now,
                ir::TestExpectation& out) {
  if (expect.rows.table) return set_inserted(context, expect, now, out);
  if (expect.rows.rows.size() != 1) {
    return context.not_supported_yet(expect.span, "expecting rows of other tables in a test");
  }
  for (const syntax::TestField& field : expect.rows.rows[0].fields) {
    const int column = column_of(context, field.name);
    if (column < 0) continue;
    const auto& inputs = context.out().row.inputs;
    if (std::ranges::find(inputs, column, &ir::Input::column) == inputs.end()) {
      if (is_derived(context, column)) continue;  // what is wrong with the derivation was reported
      context.report(Code::TestUnknownColumn, field.name.span,
                     fmt::format("the backfill neither reads nor writes `{}`", field.name.text),
                     "leave it out");
      continue;
    }
    if (const auto value = value_of(context, field, column_at(context, column), now))
      out.values.emplace_back(column, *value);
  }
}

void set_class(std::optional<std::int32_t> code, ir::TestExpectation& out) {
  out.kind = ir::TestExpectation::Kind::Class;
  if (code) out.class_code = *code;
}

ir::TestExpectation expectation_of(Context& context, const syntax::TestExpect& expect, std::int64_t now) {
  using Kind = ir::TestExpectation::Kind;
  ir::TestExpectation out{.span = expect.span};
  switch (expect.kind) {
    case syntax::ExpectKind::Rows:
      set_values(context, expect, now, out);
      break;
    case syntax::ExpectKind::Excluded:
      set_class(rule_code(context, expect, ir::RuleKind::Exclude), out);
      break;
    case syntax::ExpectKind::Review:
      set_class(rule_code(context, expect, ir::RuleKind::Review), out);
      break;
    case syntax::ExpectKind::OutOfScope:
      set_class(ir::kOutOfScope, out);
      break;
    case syntax::ExpectKind::Uncertain:
      if (expect.name) {
        set_class(uncertain_code(context, expect), out);
      } else {
        out.kind = Kind::Uncertain;
      }
      break;
    case syntax::ExpectKind::Unchanged:
      out.kind = Kind::Unchanged;
      break;
    case syntax::ExpectKind::Quarantined:
      out.kind = Kind::Quarantined;
      break;
    case syntax::ExpectKind::Deleted:
      out.kind = Kind::Deleted;
      break;
    case syntax::ExpectKind::Outcome:
      set_outcome(context, expect, out);
      break;
  }
  return out;
}

void set_moment(Context& context, const syntax::Test& test, ir::Test& out) {
  for (const syntax::TestSetting& setting : test.settings) {
    if (setting.name.text != "now") {
      context.not_supported_yet(setting.span, "setting a `param` in a test");
      continue;
    }
    const ir::Expr* moment = check_expression(context, *setting.value);
    if (moment->op == ir::Op::Literal && moment->type.kind == stdlib::Kind::Timestamp) {
      out.now = moment->value.integer();
    } else if (moment->type.kind != stdlib::Kind::Error) {
      context.report(Code::TestValue, setting.span, "`now` is set to a timestamp literal",
                     "write `timestamp '2026-01-31T00:00:00Z'`");
    }
  }
}

std::vector<stdlib::Value> other_row(Context& context, const syntax::TestRow& row, const schema::Table& table,
                                     const std::set<int>& read, std::int64_t now) {
  std::vector<stdlib::Value> values(table.columns.size());
  std::set<int> given;
  for (const syntax::TestField& field : row.fields) {
    const int column = table.find(field.name.text);
    if (column < 0) {
      report_unknown_column_of(context, table, Code::TestUnknownColumn, field.name);
      continue;
    }
    given.insert(column);
    const schema::Column& of = table.columns[static_cast<std::size_t>(column)];
    if (const auto value = value_of(context, field, of, now))
      values[static_cast<std::size_t>(column)] = *value;
  }
  for (const int column : read) {
    const schema::Column& of = table.columns[static_cast<std::size_t>(column)];
    if (given.contains(column) || of.type.optional) continue;
    context.report(
        Code::TestIncomplete, row.span,
        fmt::format("the backfill reads `{}` of `{}`, NOT NULL in the schema, and this row gives no "
                    "value",
                    of.name, table.name),
        "give it a value");
  }
  return values;
}

// Rows of other tables; a table that is not given has none.
std::vector<evaluate::OtherTable> other_tables(Context& context, const syntax::Test& test, std::int64_t now) {
  std::vector<evaluate::OtherTable> tables;
  const auto read = ir::tables_read(context.out());
  for (const syntax::TestRows& rows : test.with) {
    if (extern_of(context, rows) != nullptr) continue;
    const schema::Table* table = find_rows(context, *rows.table);
    if (table == nullptr) continue;
    const auto found = std::ranges::find(read, table, [](const auto& one) { return one.first; });
    if (found == read.end()) {
      context.report(Code::TestUnknownColumn, rows.span,
                     fmt::format("the backfill does not read `{}`", table->name), "leave it out");
      continue;
    }
    evaluate::OtherTable& out = tables.emplace_back();
    out.table = table;
    for (const syntax::TestRow& row : rows.rows)
      out.rows.push_back(other_row(context, row, *table, found->second, now));
  }
  return tables;
}

// What the queries find in the rows that are given.
void answer_queries(Context& context, const syntax::Test& test, ir::Test& out) {
  if (context.out().row.queries.empty()) {
    for (const syntax::TestRows& rows : test.with)
      context.report(Code::TestUnknownColumn, rows.span, "the backfill reads no other rows",
                     "leave them out");
    return;
  }
  for (const ir::Query& query : context.out().row.queries)
    if (query.kind >= ir::QueryKind::RowNumber)
      return context.not_supported_yet(test.name.span, "testing rows beside this one (row_number, lag, ...)");
  evaluate::Row row{.inputs = std::move(out.inputs)};
  evaluate::answer_queries(context.out(), other_tables(context, test, out.now), {out.now}, row);
  const std::vector<bool> read = ir::inputs_read(context.out());
  for (const evaluate::Unreadable& absent : row.unreadable)
    if (read[static_cast<std::size_t>(absent.input)])
      context.report(Code::TestIncomplete, test.name.span, absent.message,
                     "give the row in `with TABLE [ { ... } ]`");
  const auto value = [&](const syntax::TestField& field, const schema::Column& column) {
    return value_of(context, field, column, out.now);
  };
  answer_externs(context, test, value, {out.now}, row);
  out.inputs = std::move(row.inputs);
}

void check_test(Context& context, const syntax::Test& test) {
  ir::Test out{.name = test.name.text, .span = test.span};
  out.inputs.resize(context.out().row.inputs.size());
  set_moment(context, test, out);
  if (test.given.empty() || test.expects.empty()) {
    context.report(
        Code::TestIncomplete, test.name.span,
        test.given.empty() ? "the test gives no row" : "the test expects nothing",
        test.given.empty() ? "add `given { ... }`" : "add `expect ...`: a test must be able to fail");
    return;
  }
  if (test.given.size() != 1 || test.given[0].table || test.given[0].rows.size() != 1) {
    return context.not_supported_yet(test.span, "a test that does not give exactly one row");
  }
  const std::set<int> given = set_given(context, test.given[0].rows[0], out);
  check_given(context, test, out, given);
  answer_queries(context, test, out);
  for (const syntax::TestExpect& expect : test.expects)
    out.expects.push_back(expectation_of(context, expect, out.now));
  context.out().tests.push_back(std::move(out));
}

}  // namespace

void check_tests(Context& context) {
  // A test's values are constants: no fact about the row may narrow them.
  const FactScope scope(context);
  context.facts = {};
  std::set<std::string_view> known;
  for (const syntax::Test& test : context.spec().tests) {
    if (!known.insert(test.name.text).second)
      context.report(Code::DuplicateName, test.name.span,
                     fmt::format("two tests are called \"{}\"", test.name.text), "choose another name");
    check_test(context, test);
  }
}

}  // namespace backfill::check
