// SPDX-License-Identifier: Apache-2.0
// Parts of JSON documents, and the calls that take names and paths.
#include <fmt/format.h>
#include <algorithm>
#include <array>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"
#include "stdlib/bug.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

const Expr* wrong_base(Context& context, const Expr* base, Span span) {
  Diagnostic diagnostic{.code = Code::TypeMismatch, .span = span};
  diagnostic.message = fmt::format("`[...]` reads a part of a JSON document or of a list, this is {}",
                                   with_article(base->type));
  if (base->type.kind == Kind::Text) diagnostic.help = "a text that holds JSON: `(... as json)['key']`";
  context.report(std::move(diagnostic));
  return context.error(span);
}

bool is_step(const Type& type) {
  return type.kind == Kind::Text || type.kind == Kind::Enum || stdlib::is_integer(type.kind);
}

const Expr* wrong_step(Context& context, const Expr* step) {
  context.report(Code::TypeMismatch, step->span,
                 fmt::format("a step of a path is a key (a text) or a position (an integer), this is {}",
                             with_article(step->type)));
  return context.error(step->span);
}

const Expr* wrong_call(Context& context, Span span, std::string message, std::string help) {
  context.report(Code::NoSuchOverload, span, std::move(message), std::move(help));
  return context.error(span);
}

// `json_object(theme: 'dark', size: 2)`
const Expr* object(Context& context, const syntax::Expr& expr) {
  constexpr std::string_view kForm = "write `json_object(name: value, ...)`";
  if (expr.arguments.empty()) return context.literal(std::string("{}"), stdlib::make(Kind::Json), expr.span);
  std::vector<const Expr*> arguments;
  std::set<std::string_view> names;
  for (const syntax::Argument& argument : expr.arguments) {
    if (!argument.name)
      return wrong_call(context, argument.value->span, "this member has no name", std::string(kForm));
    if (!names.insert(argument.name->text).second) {
      context.report(Code::DuplicateName, argument.name->span,
                     fmt::format("`{}` is given twice", argument.name->text), "leave one of them out");
      return context.error(expr.span);
    }
    const Expr* name = context.literal(argument.name->text, stdlib::text(), argument.name->span);
    arguments.push_back(to_json(context, name, argument.name->span));
    arguments.push_back(to_json(context, check_expression(context, *argument.value), argument.value->span));
  }
  return apply(context, "json_object", std::move(arguments), expr.span);
}

const Expr* array(Context& context, const syntax::Expr& expr) {
  if (expr.arguments.empty()) return context.literal(std::string("[]"), stdlib::make(Kind::Json), expr.span);
  std::vector<const Expr*> arguments;
  for (const syntax::Argument& argument : expr.arguments)
    arguments.push_back(to_json(context, check_expression(context, *argument.value), argument.value->span));
  return apply(context, "json_array", std::move(arguments), expr.span);
}

// `json_set(document, key, position, ..., value)`; the path may be given as one JSON array, too.
const Expr* change(Context& context, std::string_view name, const syntax::Expr& expr) {
  const bool has_last = name != "json_remove";
  std::vector<const Expr*> given;
  for (const syntax::Argument& argument : expr.arguments)
    given.push_back(check_expression(context, *argument.value));
  if (given.size() < (has_last ? 3U : 2U)) {
    return wrong_call(context, expr.span,
                      fmt::format("`{}` takes a document, a path{}", name, has_last ? " and one more" : ""),
                      fmt::format("write `{}(document, 'key'{})`", name,
                                  name == "json_set" ? ", value"
                                  : has_last         ? ", 'new_name'"
                                                     : ""));
  }
  for (const Expr* each : given) {
    if (each->type.kind == Kind::Error) return context.error(expr.span);
  }
  const auto end = given.end() - (has_last ? 1 : 0);
  const std::vector<const Expr*> steps(given.begin() + 1, end);
  const bool one_path = steps.size() == 1 && steps[0]->type.kind == Kind::Json;
  std::vector<const Expr*> arguments = {given[0], one_path ? steps[0] : json_path(context, steps, expr.span)};
  if (name == "json_set") arguments.push_back(to_json(context, given.back(), expr.span));
  if (name == "json_rename") arguments.push_back(given.back());
  return apply(context, name, std::move(arguments), expr.span);
}

}  // namespace

const Expr* to_json(Context& context, const Expr* value, Span span) {
  if (value->type.kind == Kind::Error || value->type.kind == Kind::Json) return value;
  if (value->type.kind == Kind::Missing) return context.literal({}, stdlib::make(Kind::Json), span);
  return apply(context, "to_json", {value}, span);
}

const Expr* json_path(Context& context, const std::vector<const Expr*>& steps, Span span) {
  std::vector<const Expr*> arguments;
  for (const Expr* step : steps) {
    if (step->type.kind == Kind::Error) return step;
    if (!is_step(step->type)) return wrong_step(context, step);
    arguments.push_back(to_json(context, step, step->span));
  }
  return apply(context, "json_array", std::move(arguments), span);
}

const Expr* check_index(Context& context, const syntax::Expr& expr) {
  const Expr* base = check_expression(context, *expr.children[0]);
  const Expr* step = check_expression(context, *expr.children[1]);
  if (base->type.kind == Kind::Error || step->type.kind == Kind::Error) return context.error(expr.span);
  if (!is_step(step->type)) return wrong_step(context, step);
  if (base->type.kind == Kind::Json) return apply(context, "json_get", {base, step}, expr.span);
  if (base->type.kind != Kind::List) return wrong_base(context, base, expr.children[0]->span);
  if (!stdlib::is_integer(step->type.kind)) return wrong_step(context, step);
  const Expr* element = apply(context, "json_get", {to_json(context, base, expr.span), step}, expr.span);
  return from_json(context, element, *base->type.element, expr.span);
}

const Expr* check_json_call(Context& context, std::string_view name, const syntax::Expr& expr) {
  if (name == "json_object") return object(context, expr);
  const bool is_change = name == "json_set" || name == "json_remove" || name == "json_rename";
  if (!is_change && name != "json_array" && name != "json_null") return nullptr;
  for (const syntax::Argument& argument : expr.arguments) {
    if (argument.name)
      return wrong_call(context, argument.name->span, fmt::format("`{}` takes no names", name),
                        "leave the name out");
  }
  if (is_change) return change(context, name, expr);
  if (name == "json_array") return array(context, expr);
  if (!expr.arguments.empty())
    return wrong_call(context, expr.span, "`json_null` takes no arguments", "write `json_null()`");
  return context.literal(std::string("null"), stdlib::make(Kind::Json), expr.span);
}

}  // namespace backfill::check
