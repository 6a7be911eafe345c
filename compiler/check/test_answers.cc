// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/test_answers.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "compiler/check/expression.h"
#include "compiler/check/types.h"
#include "compiler/evaluate/externs.h"

namespace backfill::check {

namespace {

using Answers = std::map<std::pair<std::string, std::string>, stdlib::Value>;  // by function and request

constexpr std::string_view kGives = "gives";

schema::Column column_of(const std::string& name, const stdlib::Type& type) {
  schema::Column column;
  column.name = name;
  column.type = type;
  column.sql_type = to_string(type.required());
  column.not_null = !type.optional;
  return column;
}

// One `{ slug: 'a', gives: 'b' }`; nothing: reported.
std::optional<std::pair<std::string, stdlib::Value>> answer_of(Context& context,
                                                               const syntax::Function& function,
                                                               const syntax::TestRow& row,
                                                               const TestValueOf& value_of) {
  std::vector<const ir::Expr*> members;
  std::optional<stdlib::Value> gives;
  std::string lacking;
  const auto field_of = [&](std::string_view name) {
    return std::ranges::find_if(row.fields, [&](const auto& field) { return field.name.text == name; });
  };
  const auto take = [&](std::string_view name, const syntax::Type& type) -> std::optional<stdlib::Value> {
    const auto field = field_of(name);
    if (field == row.fields.end()) lacking += (lacking.empty() ? "`" : ", `") + std::string(name) + "`";
    if (field == row.fields.end()) return std::nullopt;
    return value_of(*field, column_of(std::string(name), type_of(context, type)));
  };
  for (const syntax::Parameter& parameter : function.parameters) {
    const auto value = take(parameter.name.text, parameter.type);
    if (!value) continue;
    const ir::Expr* name = context.literal(parameter.name.text, stdlib::text(), row.span);
    const stdlib::Type type =
        value->missing() ? stdlib::make(stdlib::Kind::Missing) : type_of(context, parameter.type).required();
    members.push_back(to_json(context, name, row.span));
    members.push_back(to_json(context, context.literal(*value, type, row.span), row.span));
  }
  gives = take(kGives, function.result);
  for (const syntax::TestField& field : row.fields) {
    const bool known =
        field.name.text == kGives || std::ranges::any_of(function.parameters, [&](const auto& parameter) {
          return parameter.name.text == field.name.text;
        });
    if (!known)
      context.report(Code::TestUnknownColumn, field.name.span,
                     fmt::format("`{}` takes no `{}`", function.name.text, field.name.text),
                     "give its arguments by name, and what it `gives`");
  }
  if (!lacking.empty())
    context.report(
        Code::TestIncomplete, row.span,
        fmt::format("an answer of `{}` is told by its arguments and what it gives: {} is not there",
                    function.name.text, lacking),
        fmt::format("write `{{ argument: value, ..., {}: value }}`", kGives));
  if (!gives || members.size() != 2 * function.parameters.size()) return std::nullopt;
  if (members.empty()) return std::pair(std::string("{}"), *gives);
  const ir::Expr* object = apply(context, "json_object", std::move(members), row.span);
  const evaluate::Outcome request = evaluate::evaluate(*object, {}, {});
  if (request.failure) return std::nullopt;
  return std::pair(request.value.text(), *gives);
}

Answers answers_of(Context& context, const syntax::Test& test, const TestValueOf& value_of) {
  Answers answers;
  for (const syntax::TestRows& rows : test.with) {
    const syntax::Function* function = extern_of(context, rows);
    if (function == nullptr) continue;
    for (const syntax::TestRow& row : rows.rows)
      if (auto answer = answer_of(context, *function, row, value_of))
        answers[{function->name.text, answer->first}] = std::move(answer->second);
  }
  return answers;
}

}  // namespace

const syntax::Function* extern_of(const Context& context, const syntax::TestRows& rows) {
  const syntax::Function* function = find_function(context, rows.table->text());
  return function != nullptr && function->is_extern ? function : nullptr;
}

void answer_externs(Context& context, const syntax::Test& test, const TestValueOf& value_of,
                    const evaluate::Moment& moment, evaluate::Row& row) {
  const ir::Backfill& backfill = context.out();
  const Answers answers = answers_of(context, test, value_of);
  const std::vector<std::size_t> externs = ir::externs_read(backfill);
  // A spec that is wrong has no whole row function to decide by.
  if (externs.empty() || backfill.row.class_code == nullptr || context.sink().has_errors()) return;
  evaluate::Row open = row;
  for (const std::size_t query : externs)
    open.unreadable.push_back(evaluate::without_answer(backfill, evaluate::answer_input(backfill, query)));
  std::set<int> given;
  while (const auto need = evaluate::needed(backfill, open, moment, given)) {
    given.insert(need->input);
    if (!need->failure.empty()) continue;
    const std::string& name = backfill.row.queries[need->query].name;
    const auto answer = answers.find({name, need->request});
    if (answer == answers.end()) {
      context.report(
          Code::TestIncomplete, test.name.span,
          fmt::format("the row comes to `{}` with {}, and the test gives no answer", name, need->request),
          fmt::format("add `with {} [ {{ argument: value, ..., {}: value }} ]`", name, kGives));
      return;
    }
    std::erase_if(open.unreadable, [&](const auto& one) { return one.input == need->input; });
    open.inputs[static_cast<std::size_t>(need->input)] = answer->second;
    row.inputs[static_cast<std::size_t>(need->input)] = answer->second;
  }
}

}  // namespace backfill::check
