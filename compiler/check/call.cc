// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

bool any_error(const std::vector<const Expr*>& operands) {
  return std::ranges::any_of(operands, [](const Expr* operand) { return operand->type.kind == Kind::Error; });
}

std::string types_of(const std::vector<const Expr*>& arguments) {
  std::string list;
  for (const Expr* argument : arguments) list += (list.empty() ? "" : ", ") + to_string(argument->type);
  return list;
}

void report_unknown_function(Context& context, std::string_view name, Span span) {
  Diagnostic diagnostic{.code = Code::UnknownFunction, .span = span};
  diagnostic.message = fmt::format("there is no function `{}`", name);
  std::vector<std::string> known = stdlib::names();
  for (const syntax::Function& function : context.file().functions) known.push_back(function.name.text);
  const std::string nearest = diagnostic::nearest(name, known);
  diagnostic.help =
      nearest.empty() ? "`backfill functions` lists them" : fmt::format("did you mean `{}`?", nearest);
  context.report(std::move(diagnostic));
}

std::string form(const stdlib::Function& row) {
  if (!row.is_operator) return stdlib::signature(row);
  const std::string last = to_string(row.parameters.back().type.required());
  if (row.parameters.size() == 1) return fmt::format("{}{}", row.name, last);
  return fmt::format("{} {} {}", to_string(row.parameters[0].type.required()), row.name, last);
}

bool takes_one_of(const stdlib::Function& row, const std::vector<const Expr*>& arguments) {
  return std::ranges::any_of(row.parameters, [&](const stdlib::Parameter& parameter) {
    return std::ranges::any_of(
        arguments, [&](const Expr* argument) { return argument->type.kind == parameter.type.kind; });
  });
}

// Rows that take something of what was given, or all. Operators of the other arity are no news: `-x` does not
// explain `x - y`.
std::vector<std::string> forms_of(std::string_view name, const std::vector<const Expr*>& arguments) {
  std::vector<std::string> near, all;
  for (const stdlib::Function* row : stdlib::overloads(name)) {
    if (row->is_operator && row->parameters.size() != arguments.size()) continue;
    all.push_back(form(*row));
    if (takes_one_of(*row, arguments)) near.push_back(form(*row));
  }
  return near.empty() ? all : near;
}

void report_no_overload(Context& context, std::string_view name, const std::vector<const Expr*>& arguments,
                        Span span) {
  Diagnostic diagnostic{.code = Code::NoSuchOverload, .span = span};
  diagnostic.message = fmt::format("`{}` does not take ({})", name, types_of(arguments));
  const std::vector<std::string> forms = forms_of(name, arguments);
  constexpr std::size_t kShown = 6;
  const std::span<const std::string> shown(forms.data(), std::min(forms.size(), kShown));
  const bool others = shown.size() < stdlib::overloads(name).size();
  if (!shown.empty())
    diagnostic.notes.push_back(
        fmt::format("{}it takes `{}`", others ? "among others " : "", fmt::join(shown, "`, `")));
  if (arguments.size() == 2) diagnostic.help = meeting_help(name, *arguments[0], *arguments[1]);
  context.report(std::move(diagnostic));
}

const Expr* wrong_arguments(Context& context, const syntax::Function& function, const syntax::Expr& expr) {
  Diagnostic diagnostic{.code = Code::NoSuchOverload, .span = expr.span};
  diagnostic.message = fmt::format("`{}` takes {} arguments, this call has {}", function.name.text,
                                   function.parameters.size(), expr.arguments.size());
  if (function.module.empty()) {
    diagnostic.labels.push_back({function.span, "defined here"});
  } else {
    diagnostic.notes.push_back(fmt::format("it stands in {}", function.module));
  }
  context.report(std::move(diagnostic));
  return context.error(expr.span);
}

const Expr* recursive(Context& context, const syntax::Function& function, Span span) {
  if (!context.recursive.insert(&function).second) return context.error(span);
  Diagnostic diagnostic{.code = Code::RecursiveFunction, .span = span};
  diagnostic.message =
      fmt::format("`{}` calls itself, here or by way of another function", function.name.text);
  diagnostic.notes.emplace_back("a function is put in where it is called, so that it always ends");
  diagnostic.help = "write the steps out with `case`, or do without";
  context.report_in_silence(std::move(diagnostic));  // the other functions are inlined in silence
  return context.error(span);
}

// What is wrong with the type was reported where the function is defined.
Type parameter_type(Context& context, const syntax::Parameter& parameter) {
  const Context::Silence silence(context);
  return type_of(context, parameter.type);
}

const Expr* as_parameter(Context& context, const syntax::Parameter& parameter, const Expr* argument,
                         Span span) {
  const Type type = parameter_type(context, parameter);
  const bool may_be_missing = argument->type.optional || argument->type.kind == Kind::Missing;
  const Expr* widened = widen(context, argument, type);
  if (widened != nullptr && (type.optional || !may_be_missing)) return widened;
  Diagnostic diagnostic{.code = widened == nullptr ? Code::TypeMismatch : Code::MayBeMissing, .span = span};
  diagnostic.message = fmt::format("`{}` is {}, this is {}", parameter.name.text, with_article(type),
                                   with_article(argument->type));
  if (widened != nullptr) diagnostic.help = "give a value for the missing case: `... ?? ...`";
  context.report(std::move(diagnostic));
  return context.error(span);
}

// Constants are folded after they are put in, so that only the call can say that they make the body fail.
void report_failure(Context& context, const syntax::Function& function, const Expr& body, Span span) {
  const std::optional<Diagnostic> inside = std::exchange(context.silenced_failure, std::nullopt);
  if (body.type.kind != Kind::Error || !inside) return;
  Diagnostic diagnostic{.code = Code::AlwaysFails, .span = span};
  diagnostic.message = fmt::format("`{}` fails with these arguments for every row", function.name.text);
  diagnostic.labels.push_back({inside->span, inside->message});
  diagnostic.help = inside->help;
  context.report(std::move(diagnostic));
}

// A function of the spec is its body with the arguments put in; the body was checked where it is defined.
const Expr* inline_function(Context& context, const syntax::Function& function,
                            std::vector<const Expr*> arguments, Span span) {
  const Context::Elsewhere elsewhere(context, function, span);
  if (!context.inlining.insert(&function).second) return recursive(context, function, span);
  auto outer = std::exchange(context.names, {});
  for (std::size_t k = 0; k < arguments.size(); ++k)
    context.names[function.parameters[k].name.text] = arguments[k];
  const Expr* body = nullptr;
  {
    const Context::Silence silence(context);
    body = check_expression(context, *function.body);
    const Expr* result = widen(context, body, type_of(context, function.result));
    if (result != nullptr) body = result;
  }
  context.names = std::move(outer);
  context.inlining.erase(&function);
  report_failure(context, function, *body, span);
  return body;
}

const Expr* call_of_spec(Context& context, const syntax::Function& function, const syntax::Expr& expr) {
  // Of what is too large already nothing more is made.
  if (context.too_large()) return context.error(expr.span);
  if (expr.arguments.size() != function.parameters.size()) return wrong_arguments(context, function, expr);
  std::vector<const Expr*> arguments;
  for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
    const Expr* argument = check_expression(context, *expr.arguments[k].value);
    arguments.push_back(
        as_parameter(context, function.parameters[k], argument, expr.arguments[k].value->span));
  }
  if (any_error(arguments)) return context.error(expr.span);
  if (function.is_extern) return call_extern(context, function, arguments, expr.span);
  return inline_function(context, function, std::move(arguments), expr.span);
}

const Expr* now(Context& context, const syntax::Expr& expr) {
  if (!expr.arguments.empty()) {
    context.report(Code::NoSuchOverload, expr.span, "`now` takes no arguments",
                   "`now()` is the moment at which the run began");
    return context.error(expr.span);
  }
  return context.make({.op = Op::Now, .type = stdlib::make(Kind::Timestamp), .span = expr.span});
}

// Functions of the language whose rows are not in the function table yet.
bool is_later(std::string_view name) {
  constexpr std::array kLater = {"count",      "avg", "exists", "list",
                                 "row_number", "lag", "lead",   "running_sum"};
  return std::ranges::find(kLater, name) != kLater.end() && stdlib::overloads(name).empty();
}

// A regular expression is the text between its slashes; only these functions read it.
const Expr* check_argument(Context& context, std::string_view function, const syntax::Expr& value) {
  const bool regex =
      value.kind == syntax::ExprKind::Literal && value.literal.kind == syntax::LiteralKind::Regex;
  if (!regex || !function.starts_with("regexp_")) return check_expression(context, value);
  return context.literal(value.literal.text, stdlib::text(), value.span);
}

}  // namespace

const syntax::Function* find_function(const Context& context, std::string_view name) {
  for (const auto* functions : {&context.spec().functions, &context.file().functions}) {
    for (const syntax::Function& function : *functions) {
      if (function.name.text == name) return &function;
    }
  }
  return nullptr;
}

const Expr* apply(Context& context, std::string_view name, std::vector<const Expr*> arguments, Span span) {
  if (any_error(arguments)) return context.error(span);
  std::vector<Type> types;
  for (const Expr* argument : arguments) types.push_back(argument->type);
  const stdlib::Resolution found = stdlib::resolve(name, types);
  if (found.function == nullptr) {
    report_no_overload(context, name, arguments, span);
    return context.error(span);
  }
  for (std::size_t k = 0; k < arguments.size(); ++k) {
    const Expr* widened = widen(context, arguments[k], found.parameter_types[k]);
    if (widened == nullptr) {
      report_no_overload(context, name, arguments, span);
      return context.error(span);
    }
    arguments[k] = widened;
  }
  return call(context, Op::Call, *found.function, std::move(arguments), found.result, span);
}

const Expr* check_call(Context& context, const syntax::Expr& expr) {
  const std::string name = expr.callee.text();
  if (const syntax::Function* function = find_function(context, name))
    return call_of_spec(context, *function, expr);
  if (name == "now") return now(context, expr);
  if (const Expr* json = check_json_call(context, name, expr)) return json;
  if (const Expr* chance = check_chance(context, name, expr)) return chance;
  if (is_later(name)) {
    context.not_supported_yet(expr.span, fmt::format("`{}(...)`", name));
    return context.error(expr.span);
  }
  if (stdlib::overloads(name).empty()) {
    report_unknown_function(context, name, expr.callee.span);
    return context.error(expr.span);
  }
  std::vector<const Expr*> arguments;
  for (const syntax::Argument& argument : expr.arguments) {
    if (argument.name) {
      context.not_supported_yet(argument.name->span, "a named argument");
      return context.error(expr.span);
    }
    arguments.push_back(check_argument(context, name, *argument.value));
  }
  if (!check_patterns(context, name, arguments)) return context.error(expr.span);
  if (any_error(arguments)) return context.error(expr.span);
  if (const Expr* element = check_list_call(context, name, arguments, expr.span)) return element;
  return apply(context, name, std::move(arguments), expr.span);
}

}  // namespace backfill::check
