// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/context.h"

#include <fmt/format.h>

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

const ir::Expr* Context::narrowed(const ir::Expr* expr) {
  if (!expr->type.optional || !facts.proves_present(*expr)) return expr;
  const ir::Expr*& required = required_[expr];
  if (required == nullptr) {
    ir::Expr copy = *expr;
    copy.type.optional = false;
    required = make(std::move(copy));
  }
  return required;
}

}  // namespace backfill::check
