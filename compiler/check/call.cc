// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <algorithm>

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

void report_no_overload(Context& context, std::string_view name, const std::vector<const Expr*>& arguments,
                        Span span) {
  Diagnostic diagnostic{.code = Code::NoSuchOverload, .span = span};
  diagnostic.message = fmt::format("`{}` does not take ({})", name, types_of(arguments));
  const auto rows = stdlib::overloads(name);
  constexpr std::size_t kShown = 6;
  std::string shown;
  for (std::size_t k = 0; k < std::min(rows.size(), kShown); ++k) {
    shown += (k == 0 ? "" : ", ") + fmt::format("`{}`", stdlib::signature(*rows[k]));
  }
  if (!shown.empty()) diagnostic.notes.push_back("it takes " + shown + (rows.size() > kShown ? ", ..." : ""));
  context.report(std::move(diagnostic));
}

const syntax::Function* find_function(const Context& context, std::string_view name) {
  for (const auto* functions : {&context.spec().functions, &context.file().functions}) {
    for (const syntax::Function& function : *functions) {
      if (function.name.text == name) return &function;
    }
  }
  return nullptr;
}

const Expr* wrong_arguments(Context& context, const syntax::Function& function, const syntax::Expr& expr) {
  Diagnostic diagnostic{.code = Code::NoSuchOverload, .span = expr.span};
  diagnostic.message = fmt::format("`{}` takes {} arguments, this call has {}", function.name.text,
                                   function.parameters.size(), expr.arguments.size());
  diagnostic.labels.push_back({function.span, "defined here"});
  context.report(std::move(diagnostic));
  return context.error(expr.span);
}

const Expr* recursive(Context& context, const syntax::Function& function, Span span) {
  Diagnostic diagnostic{.code = Code::RecursiveFunction, .span = span};
  diagnostic.message =
      fmt::format("`{}` calls itself: a function of the language ends by its form", function.name.text);
  context.report(std::move(diagnostic));
  return context.error(span);
}

const Expr* as_parameter(Context& context, const syntax::Parameter& parameter, const Expr* argument) {
  const Type type = type_of(context, parameter.type);
  const bool may_be_missing = argument->type.optional || argument->type.kind == Kind::Missing;
  const Expr* widened = widen(context, argument, type);
  if (widened != nullptr && (type.optional || !may_be_missing)) return widened;
  Diagnostic diagnostic{.code = widened == nullptr ? Code::TypeMismatch : Code::MayBeMissing,
                        .span = argument->span};
  diagnostic.message = fmt::format("`{}` is a {}, this is a {}", parameter.name.text, to_string(type),
                                   to_string(argument->type));
  if (widened != nullptr) diagnostic.help = "give a value for the missing case: `... ?? ...`";
  context.report(std::move(diagnostic));
  return context.error(argument->span);
}

// A function of the spec is its body with the arguments put in; the body was checked where it is defined.
const Expr* inline_function(Context& context, const syntax::Function& function,
                            std::vector<const Expr*> arguments, Span span) {
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
  return body;
}

const Expr* call_of_spec(Context& context, const syntax::Function& function, const syntax::Expr& expr) {
  if (function.is_extern) return context.error(expr.span);  // reported where it is defined
  if (expr.arguments.size() != function.parameters.size()) return wrong_arguments(context, function, expr);
  std::vector<const Expr*> arguments;
  for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
    const Expr* argument = check_expression(context, *expr.arguments[k].value);
    arguments.push_back(as_parameter(context, function.parameters[k], argument));
  }
  if (any_error(arguments)) return context.error(expr.span);
  return inline_function(context, function, std::move(arguments), expr.span);
}

const Expr* now(Context& context, Span span) {
  return context.make({.op = Op::Now, .type = stdlib::make(Kind::Timestamp), .span = span});
}

}  // namespace

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
  if (name == "now" && expr.arguments.empty()) return now(context, expr.span);
  std::vector<const Expr*> arguments;
  for (const syntax::Argument& argument : expr.arguments) {
    if (argument.name) context.not_supported_yet(argument.name->span, "a named argument");
    arguments.push_back(check_expression(context, *argument.value));
  }
  if (name == "random" || name == "uuid") {
    context.not_supported_yet(expr.span, fmt::format("`{}(...)`", name));
    return context.error(expr.span);
  }
  if (stdlib::overloads(name).empty()) {
    report_unknown_function(context, name, expr.callee.span);
    return context.error(expr.span);
  }
  return apply(context, name, std::move(arguments), expr.span);
}

}  // namespace backfill::check
