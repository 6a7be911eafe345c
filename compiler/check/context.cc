// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/context.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace backfill::check {

void Context::report(Diagnostic diagnostic) {
  if (elsewhere_) {
    diagnostic.span = elsewhere_->at;
    diagnostic.labels.clear();
    diagnostic.message += fmt::format(" (in {})", elsewhere_->module);
  }
  if (silent_ == 0) return sink_.report(std::move(diagnostic));
  if (diagnostic.code == Code::AlwaysFails) silenced_failure = std::move(diagnostic);
}

void Context::report(Code code, Span span, std::string message, std::string help) {
  report(Diagnostic{.code = code, .span = span, .message = std::move(message), .help = std::move(help)});
}

Diagnostic not_supported_yet(Span span, std::string_view what) {
  Diagnostic diagnostic{.code = Code::NotSupportedYet, .span = span};
  diagnostic.message = fmt::format("{} is part of the language, but this version cannot run it yet", what);
  diagnostic.label = "not supported yet";
  diagnostic.help =
      "docs/language.md says what this version runs; leave this out, or wait for the version that does";
  return diagnostic;
}

void Context::not_supported_yet(Span span, std::string_view what) {
  report(check::not_supported_yet(span, what));
}

const ir::Expr* Context::make(ir::Expr expr) {
  if (elsewhere_) expr.span = elsewhere_->at;
  std::uint64_t size = 1;
  for (const ir::Expr* argument : expr.arguments) size += sizes_[argument];
  if (size > kMostNodes) {
    // Said even where a function's body is checked again in silence: it is news there.
    if (!std::exchange(too_large_, true)) {
      sink_.report({.code = Code::TooDeep,
                    .span = expr.span,
                    .message = fmt::format(
                        "with functions and lets put in, this expression has more than {} parts", kMostNodes),
                    .help = "derive a column on the way, or split the backfill"});
    }
    return error(expr.span);
  }
  out_.arena->push_back(std::move(expr));
  sizes_[&out_.arena->back()] = size;
  return &out_.arena->back();
}

const ir::Expr* Context::literal(stdlib::Value value, stdlib::Type type, Span span) {
  type.optional = value.missing();
  return make({.op = ir::Op::Literal, .type = std::move(type), .span = span, .value = std::move(value)});
}

const ir::Expr* Context::error(Span span) {
  return literal({}, stdlib::make(stdlib::Kind::Error), span);
}

int Context::input_of(int column, Span span) {
  return input(column, span)->input;
}

const ir::Expr* Context::input(int column, Span span) {
  const auto known = inputs_.find(column);
  if (known != inputs_.end()) return known->second;
  const stdlib::Type& type = table().columns[static_cast<std::size_t>(column)].type;
  out_.row.inputs.push_back({column, type});
  const int index = static_cast<int>(out_.row.inputs.size()) - 1;
  return inputs_[column] = make({.op = ir::Op::Input, .type = type, .span = span, .input = index});
}

const ir::Expr* Context::lookup_column(int query, int column, Span span) {
  const auto known = lookup_columns_.find({query, column});
  if (known != lookup_columns_.end()) return known->second;
  ir::Query& of = out_.row.queries[static_cast<std::size_t>(query)];
  stdlib::Type type = of.table->columns[static_cast<std::size_t>(column)].type;
  const ir::Expr* theirs =
      make({.op = ir::Op::OtherColumn, .type = type, .span = span, .input = column, .table = of.table});
  type.optional = type.optional || !of.certain;
  of.values.push_back({column, theirs, type});
  out_.row.inputs.push_back({-1, type, query, static_cast<int>(of.values.size()) - 1});
  const int index = static_cast<int>(out_.row.inputs.size()) - 1;
  const ir::Expr* value = make({.op = ir::Op::Input, .type = type, .span = span, .input = index});
  if (of.kind == ir::QueryKind::Only) value = only_one(query, value);
  return lookup_columns_[{query, column}] = value;
}

// Reading a column of two rows is a row error: whether there is one row at most is asked first.
const ir::Expr* Context::only_one(int query, const ir::Expr* column) {
  const auto& inputs = out_.row.inputs;
  const auto one = std::ranges::find_if(
      inputs, [&](const ir::Input& input) { return input.query == query && input.value == 0; });
  const int index = static_cast<int>(one - inputs.begin());
  const ir::Expr* is_one = make(
      {.op = ir::Op::Input, .type = stdlib::make(stdlib::Kind::Bool), .span = column->span, .input = index});
  return make({.op = ir::Op::Case,
               .type = column->type,
               .span = column->span,
               .arguments = {is_one, column, literal({}, column->type, column->span)}});
}

int Context::witness(int query) const {
  const ir::Query& of = out_.row.queries[static_cast<std::size_t>(query)];
  if (!of.by.empty()) return of.by.front();
  const auto never_missing = [](const schema::Column& column) {
    return !column.type.optional && column.type.kind != stdlib::Kind::Opaque;
  };
  const auto found = std::ranges::find_if(of.table->columns, never_missing);
  return found == of.table->columns.end() ? -1 : static_cast<int>(found - of.table->columns.begin());
}

// Is it the column of a looked-up row that is present because another one of the same row is?
bool Context::is_there(const ir::Expr& expr) const {
  const auto found =
      std::ranges::find_if(lookup_columns_, [&](const auto& known) { return known.second == &expr; });
  if (found == lookup_columns_.end()) return false;
  const auto [query, column] = found->first;
  const ir::Query& of = out_.row.queries[static_cast<std::size_t>(query)];
  if (of.table->columns[static_cast<std::size_t>(column)].type.optional &&
      std::ranges::find(of.by, column) == of.by.end())
    return false;
  return std::ranges::any_of(lookup_columns_, [&](const auto& known) {
    return known.first.first == found->first.first && facts.proves_present(*known.second);
  });
}

const ir::Expr* Context::narrowed(const ir::Expr* expr) {
  if (!expr->type.optional) return expr;
  if (!is_there(*expr) && !facts.proves_present(*expr)) return expr;
  const ir::Expr*& required = required_[expr];
  if (required == nullptr) {
    ir::Expr copy = *expr;
    copy.type.optional = false;
    required = make(std::move(copy));
  }
  return required;
}

}  // namespace backfill::check
