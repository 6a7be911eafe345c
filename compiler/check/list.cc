// SPDX-License-Identifier: Apache-2.0
// Lists: literals, comprehensions, conversions, and the functions that give an element. A list is canonical
// JSON text, so that each element is read from JSON and written to it.
#include <fmt/format.h>
#include <algorithm>
#include <array>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "compiler/check/types.h"
#include "compiler/check/walk.h"
#include "stdlib/bug.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;
using stdlib::Type;

namespace {

Type optional_if(Type type, bool optional) {
  type.optional = optional;
  return type;
}

const Expr* retyped(Context& context, const Expr* expr, Type type) {
  Expr copy = *expr;
  copy.type = std::move(type);
  return context.make(std::move(copy));
}

const Expr* refuse(Context& context, Code code, Span span, std::string message, std::string help = {}) {
  context.report(code, span, std::move(message), std::move(help));
  return context.error(span);
}

const Expr* no_null(Context& context, Span span) {
  return refuse(context, Code::MayBeMissing, span,
                "an element of JSON that may be missing could not be told from null",
                "give a value for the missing case: `... ?? json_null()`");
}

// What a list holds of values of that type; nothing where it cannot hold them.
std::optional<Type> element_type(const Type& of) {
  Type type = of;
  if (of.kind == Kind::Enum) type = optional_if(stdlib::text(), of.optional);
  if (of.kind == Kind::Float32) type = optional_if(stdlib::make(Kind::Float64), of.optional);
  type.max_length = 0;
  const bool plain = type.kind == Kind::Json || type.kind == Kind::List || type.kind == Kind::Missing;
  if (plain || stdlib::conversion(stdlib::make(Kind::Json), type, false) != nullptr) return type;
  return std::nullopt;
}

const Expr* not_in_a_list(Context& context, const Type& type, Span span) {
  return refuse(context, Code::TypeMismatch, span,
                fmt::format("a list holds no {}", to_string(type.required())),
                "convert the elements: `... as text`");
}

Walk begin(Context& context, const Expr* source, Span span) {
  const bool is_list = source->type.kind == Kind::List;
  const Expr* list = is_list ? source : apply(context, "json_elements", {source}, span);
  Expr element{.op = Op::Element, .type = stdlib::make(Kind::Json), .span = span, .input = context.walks};
  return {.list = list, .element = context.make(std::move(element))};
}

const Expr* always(Context& context, Span span) {
  return context.literal(true, stdlib::make(Kind::Bool), span);
}

bool has_error(const std::vector<const Expr*>& values) {
  return std::ranges::any_of(values, [](const Expr* value) { return value->type.kind == Kind::Error; });
}

const Expr* list_of(Context& context, std::vector<const Expr*> values, const Type& element, Span span) {
  std::vector<Type> types;
  for (const Expr*& value : values) {
    value = to_json(context, value, value->span);
    if (value->type.kind == Kind::Error) return value;
    types.push_back(value->type);
  }
  const stdlib::Resolution row = stdlib::resolve("json_array", types);
  BACKFILL_CHECK(row.function != nullptr, "the function table has no json_array(json, ...)");
  return call(context, Op::Call, *row.function, std::move(values), stdlib::list_of(element), span);
}

bool can_be_walked(Context& context, const Expr* source, Span span) {
  if (source->type.kind == Kind::List || source->type.kind == Kind::Json) return true;
  if (source->type.kind != Kind::Error)
    refuse(
        context, Code::TypeMismatch, span,
        fmt::format("`for ... in` goes over a list or a JSON array, this is {}", with_article(source->type)));
  return false;
}

bool ordered(Kind kind) {
  return stdlib::is_number(kind) || kind == Kind::Text || kind == Kind::Bool || kind == Kind::Date ||
         kind == Kind::Uuid || kind == Kind::Missing;
}

Type sum_type(const Type& element) {
  return element.kind == Kind::Decimal ? stdlib::decimal(38, element.scale) : stdlib::make(Kind::Int64);
}

}  // namespace

Variable::Variable(Context& context, const std::string& name, const Expr* value)
    : context_(context), name_(name), hidden_(std::exchange(context.names[name], value)) {
  ++context_.walks;
}

Variable::~Variable() {
  --context_.walks;
  if (hidden_ != nullptr) {
    context_.names[name_] = hidden_;
  } else {
    context_.names.erase(name_);
  }
}

std::optional<Walk> begin_walk(Context& context, const syntax::Expr& expr, const syntax::Name& name) {
  const Expr* source = check_expression(context, expr);
  if (!can_be_walked(context, source, expr.span)) return std::nullopt;
  if (context.table().find(name.text) >= 0) {
    refuse(context, Code::DuplicateName, name.span,
           fmt::format("`{}` is a column of `{}` already", name.text, context.table().name),
           "choose another name");
    return std::nullopt;
  }
  Walk walk = begin(context, source, expr.span);
  if (has_error({walk.list})) return std::nullopt;
  const bool of_list = source->type.kind == Kind::List;
  walk.value = of_list ? from_json(context, walk.element, *source->type.element, name.span) : walk.element;
  return walk;
}

const Expr* end_walk(Context& context, const Walk& walk, const Expr* value, const Expr* condition,
                     Type element, Span span) {
  Type type = stdlib::list_of(std::move(element));
  type.optional = walk.list->type.optional;
  return context.make({.op = Op::Each,
                       .type = std::move(type),
                       .span = span,
                       .arguments = {walk.list, walk.element, value, condition}});
}

std::optional<Held> held_in_a_list(Context& context, const Expr* value, Span span) {
  const std::optional<Type> element = element_type(value->type);
  if (!element) not_in_a_list(context, value->type, span);
  if (!element) return std::nullopt;
  if (element->kind == Kind::Json && element->optional) no_null(context, span);
  if (element->kind == Kind::Json && element->optional) return std::nullopt;
  return Held{to_json(context, value, span), *element};
}

const Expr* from_json(Context& context, const Expr* json, const Type& type, Span span) {
  const bool optional = json->type.optional || type.optional;
  if (json->type.kind == Kind::Error || type.kind == Kind::Json) return json;
  if (type.kind == Kind::Missing) return context.literal({}, stdlib::make(Kind::Missing), span);
  if (type.kind == Kind::List) return retyped(context, json, optional_if(type, optional));
  const stdlib::Function* conversion = stdlib::conversion(stdlib::make(Kind::Json), type, false);
  BACKFILL_CHECK(conversion != nullptr, "an element type that no JSON converts to");
  return call(context, Op::Call, *conversion, {json}, optional_if(type, optional), span);
}

const Expr* check_list(Context& context, const syntax::Expr& expr) {
  std::vector<const Expr*> values;
  for (const syntax::ExprPtr& child : expr.children) values.push_back(check_expression(context, *child));
  if (has_error(values)) return context.error(expr.span);
  if (values.empty())
    return context.literal(std::string("[]"), stdlib::list_of(stdlib::make(Kind::Missing)), expr.span);
  Type common;
  if (!unify(context, values, common)) {
    Diagnostic diagnostic{.code = Code::TypeMismatch, .span = expr.span};
    diagnostic.message = "the elements of a list have one type";
    for (std::size_t k = 0; k < values.size(); ++k)
      diagnostic.labels.push_back({expr.children[k]->span, with_article(values[k]->type)});
    diagnostic.help = "`json_array(...)` holds values of any type";
    context.report(std::move(diagnostic));
    return context.error(expr.span);
  }
  const std::optional<Type> element = element_type(common);
  if (!element) return not_in_a_list(context, common, expr.span);
  if (element->kind == Kind::Json && element->optional) return no_null(context, expr.span);
  return list_of(context, std::move(values), *element, expr.span);
}

const Expr* check_comprehension(Context& context, const syntax::Expr& expr) {
  const std::optional<Walk> walk = begin_walk(context, *expr.children[1], expr.name);
  if (!walk) return context.error(expr.span);
  const Variable variable(context, expr.name.text, walk->value);
  const FactScope scope(context);
  const Expr* condition =
      expr.children.size() > 2 ? check_condition(context, *expr.children[2]) : always(context, expr.span);
  context.facts.add_when_true(*condition);
  const Expr* body = check_expression(context, *expr.children[0]);
  if (has_error({condition, body})) return context.error(expr.span);
  const std::optional<Held> held = held_in_a_list(context, body, expr.children[0]->span);
  if (!held) return context.error(expr.span);
  return end_walk(context, *walk, held->json, condition, held->type, expr.span);
}

const Expr* as_list(Context& context, const Expr* value, const Type& target, Span span) {
  const Walk walk = begin(context, value, span);
  if (has_error({walk.list})) return context.error(span);
  const Type& wanted = *target.element;
  const Expr* element = walk.element;
  const bool from_list = value->type.kind == Kind::List;
  if (!from_list && wanted.kind == Kind::Json && walk.list->op == Op::Call) {
    Expr array = *walk.list;  // the elements are what they were: no walk, so that a query can ask it in SQL
    array.type = stdlib::list_of(wanted);
    array.type.optional = walk.list->type.optional;
    return context.make(std::move(array));
  }
  if (from_list) element = from_json(context, element, *value->type.element, span);
  ++context.walks;
  if (!from_list && !wanted.optional && wanted.kind != Kind::Json)
    element = apply(context, "json_present", {element}, span);
  const Expr* converted = element;
  if (wanted.kind == Kind::List && element->type.kind != Kind::Missing) {
    converted = as_list(context, element, wanted.required(), span);
  } else if (element->type.kind == Kind::Json) {
    converted = from_json(context, element, wanted, span);
  } else if (!(element->type.required() == wanted.required())) {
    const stdlib::Function* row = stdlib::conversion(element->type, wanted, false);
    converted = row == nullptr ? nullptr
                               : call(context, Op::Call, *row, {element},
                                      optional_if(wanted, element->type.optional || wanted.optional), span);
  }
  --context.walks;
  const bool may_lack = from_list && value->type.element->optional && !wanted.optional;
  if (converted == nullptr || may_lack) {
    return refuse(
        context, Code::NoConversion, span,
        fmt::format("{} does not convert to {}", with_article(value->type.required()), to_string(target)),
        may_lack ? fmt::format("its elements may be missing: `as [{}?]`", to_string(wanted)) : "");
  }
  return end_walk(context, walk, to_json(context, converted, span), always(context, span), wanted, span);
}

const Expr* is_element(Context& context, const Expr* list, const Expr* value, Span span) {
  Type wanted = list->type.element->required();
  std::vector<const Expr*> pair = {value, context.literal({}, wanted, span)};
  Type common;
  const bool meet = wanted.kind == Kind::Json || wanted.kind == Kind::Missing ||
                    value->type.kind == Kind::Json || unify(context, pair, common);
  if (!meet) {
    return refuse(context, Code::TypeMismatch, span,
                  fmt::format("this is {}, the elements of the list are {}", with_article(value->type),
                              to_string(wanted)),
                  meeting_help("", *value, *pair[1]));
  }
  return apply(context, "contains", {list, to_json(context, pair[0], span)}, span);
}

const Expr* check_list_call(Context& context, std::string_view name,
                            const std::vector<const Expr*>& arguments, Span span) {
  if (arguments.empty() || arguments[0]->type.kind != Kind::List) return nullptr;
  const Type element = *arguments[0]->type.element;
  if (name == "contains" && arguments.size() == 2 && arguments[1]->type.kind != Kind::Error)
    return is_element(context, arguments[0], arguments[1], span);
  const bool by_order = name == "min" || name == "max" || name == "array_sort";
  const bool exact =
      stdlib::is_integer(element.kind) || element.kind == Kind::Decimal || element.kind == Kind::Missing;
  if ((by_order && !ordered(element.kind)) || (name == "sum" && !exact)) {
    return refuse(
        context, Code::NoSuchOverload, span,
        fmt::format("`{}` does not take a list of {}", name, to_string(element)),
        name == "sum" ? "it adds integers and decimals" : "it orders numbers, texts, dates and bools");
  }
  const bool gives_element =
      name == "min" || name == "max" || name == "first" || name == "last" || name == "sum";
  if (!gives_element || arguments.size() != 1) return nullptr;
  const Expr* json = apply(context, name, arguments, span);
  return from_json(context, json, name == "sum" ? sum_type(element) : element, span);
}

}  // namespace backfill::check
