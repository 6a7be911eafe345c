// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <limits>
#include <optional>
#include <set>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/target.h"
#include "compiler/check/types.h"

namespace backfill::check {

namespace {

bool taken(Context& context, const syntax::Name& name) {
  const bool column = context.table().find(name.text) >= 0;
  const bool lookup = context.lookups.contains(name.text);
  if (!column && !lookup && !context.names.contains(name.text)) return false;
  Diagnostic diagnostic{.code = Code::DuplicateName, .span = name.span};
  diagnostic.message = fmt::format("`{}` is {} already", name.text,
                                   column   ? "a column of `" + context.table().name + "`"
                                   : lookup ? "a lookup"
                                            : "a `let`");
  diagnostic.help = "choose another name";
  context.report(std::move(diagnostic));
  return true;
}

// A parameter stands for any value of its type while the body is checked on its own.
const ir::Expr* any_value(Context& context, const syntax::Parameter& parameter) {
  ir::Expr expr{.op = ir::Op::Input, .type = type_of(context, parameter.type), .span = parameter.name.span};
  return context.make(std::move(expr));
}

void check_function(Context& context, const syntax::Function& function) {
  const Context::Elsewhere elsewhere(context, function, function.use);
  if (function.is_extern) return check_extern(context, function);
  auto outer = std::exchange(context.names, {});
  for (const syntax::Parameter& parameter : function.parameters) {
    const bool added = context.names.emplace(parameter.name.text, any_value(context, parameter)).second;
    if (!added)
      context.report(Code::DuplicateName, parameter.name.span,
                     fmt::format("two parameters are called `{}`", parameter.name.text),
                     "choose another name");
  }
  context.inlining.insert(&function);
  const ir::Expr* body = check_expression(context, *function.body);
  context.inlining.erase(&function);
  context.names = std::move(outer);
  const stdlib::Type result = type_of(context, function.result);
  if (body->type.kind == stdlib::Kind::Error) return;
  const ir::Expr* widened = widen(context, body, result);
  if (widened != nullptr && (result.optional || !body->type.optional)) return;
  Diagnostic diagnostic{.code = widened == nullptr ? Code::TypeMismatch : Code::MayBeMissing,
                        .span = function.body->span};
  diagnostic.message = fmt::format("`{}` gives {}, its body is {}", function.name.text, with_article(result),
                                   with_article(body->type));
  if (widened != nullptr)
    diagnostic.help =
        fmt::format("say `-> {}?`, or give a value for the missing case: `... ?? ...`", to_string(result));
  context.report(std::move(diagnostic));
}

void check_functions(Context& context, const std::vector<syntax::Function>& functions,
                     std::set<std::string_view>& known) {
  for (const syntax::Function& function : functions) {
    const std::string& name = function.name.text;
    const bool library = name == "now" || !stdlib::overloads(name).empty();
    if (library || !known.insert(name).second) {
      const Context::Elsewhere elsewhere(context, function, function.use);
      context.report(
          Code::DuplicateName, function.name.span,
          fmt::format("`{}` is {}", name, library ? "a function of the library already" : "defined twice"),
          "choose another name");
    } else {
      check_function(context, function);
    }
  }
}

}  // namespace

void check_definitions(Context& context) {
  std::set<std::string_view> known;
  check_params(context);
  {
    std::optional<Context::Silence> silence;
    if (!context.reports_file) silence.emplace(context);
    check_functions(context, context.file().functions, known);
  }
  check_functions(context, context.spec().functions, known);
  const auto& lookups = context.spec().lookups;
  auto lookup = lookups.begin();
  const auto check_lookups_above = [&](std::uint32_t place) {
    for (; lookup != lookups.end() && lookup->span.begin < place; ++lookup)
      if (taken(context, lookup->name)) {
        context.failed_lookups.insert(lookup->name.text);
      } else {
        check_lookup(context, *lookup);
      }
  };
  for (const syntax::Let& let : context.spec().lets) {
    check_lookups_above(let.span.begin);
    const ir::Expr* value = check_expression(context, *let.value);
    if (taken(context, let.name)) continue;
    if (value->op != ir::Op::Input && value->op != ir::Op::Literal && value->name.empty()) {
      ir::Expr named = *value;
      named.name = let.name.text;
      value = context.make(std::move(named));
    }
    context.names[let.name.text] = value;
  }
  check_lookups_above(std::numeric_limits<std::uint32_t>::max());
}

}  // namespace backfill::check
