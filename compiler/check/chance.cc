// SPDX-License-Identifier: Apache-2.0
// `random('name')` and `uuid('name')`: by chance, and yet the same again for this run, row and name, so that
// a resumed run and the verification find what was written. Both are a digest of name, table, moment and key,
// spelled with functions of the table, so that the evaluator, native code and every database know them.
#include <fmt/format.h>

#include <cmath>

#include "compiler/check/convert.h"
#include "compiler/check/expression.h"
#include "stdlib/function.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;
using stdlib::Kind;

namespace {

class Chance {
 public:
  Chance(Context& context, Span span) : context_(context), span_(span) {}

  // 32 hex digits.
  const Expr* digest(const Expr* name) {
    const Expr* now = context_.make({.op = Op::Now, .type = stdlib::make(Kind::Timestamp), .span = span_});
    const Expr* text = joined({name, plain("/" + context_.table().name + "/"), converted(now, Kind::Text)});
    for (const int column : context_.out().key) {
      const Expr* part = as_text(context_.input(column, span_));
      // With its length, so that no two keys are spelled alike.
      text = joined({text, plain("/"), converted(apply(context_, "length", {part}, span_), Kind::Text),
                     plain(":"), part});
    }
    return apply(context_, "md5", {text}, span_);
  }

  // Version 8: a UUID of one's own making.
  const Expr* uuid(const Expr* digits) {
    return converted(
        joined({part(digits, 1, 8), plain("-"), part(digits, 9, 4), plain("-8"), part(digits, 14, 3),
                plain("-a"), part(digits, 18, 3), plain("-"), part(digits, 21, 12)}),
        Kind::Uuid);
  }

  // 0 <= x < 1, in steps of 2^-52.
  const Expr* fraction(const Expr* digits) {
    const Expr* bits = apply(context_, "from_hex", {part(digits, 1, 13)}, span_);
    const Expr* most = context_.literal(std::ldexp(1.0, 52), stdlib::make(Kind::Float64), span_);
    return apply(context_, "/", {converted(bits, Kind::Float64), most}, span_);
  }

 private:
  const Expr* plain(std::string text) { return context_.literal(std::move(text), stdlib::text(), span_); }
  const Expr* number(std::int64_t value) { return context_.literal(value, stdlib::make(Kind::Int32), span_); }
  const Expr* part(const Expr* digits, std::int64_t start, std::int64_t count) {
    return apply(context_, "substr", {digits, number(start), number(count)}, span_);
  }
  const Expr* joined(const std::vector<const Expr*>& parts) {
    const Expr* text = parts[0];
    for (std::size_t k = 1; k < parts.size(); ++k) text = apply(context_, "||", {text, parts[k]}, span_);
    return text;
  }
  const Expr* converted(const Expr* value, Kind kind) {
    stdlib::Type type = stdlib::make(kind);
    const stdlib::Function* row = stdlib::conversion(value->type, type, false);
    type.optional = value->type.optional;
    return call(context_, Op::Call, *row, {value}, std::move(type), span_);
  }
  const Expr* as_text(const Expr* value) {
    if (value->type.kind == Kind::Text) return value;
    if (value->type.kind == Kind::Bytes) return apply(context_, "encode", {value, plain("hex")}, span_);
    return converted(value, Kind::Text);
  }

  Context& context_;
  Span span_;
};

}  // namespace

const Expr* check_chance(Context& context, std::string_view name, const syntax::Expr& expr) {
  if (name != "random" && name != "uuid") return nullptr;
  const Expr* seed =
      expr.arguments.size() == 1 ? check_expression(context, *expr.arguments[0].value) : nullptr;
  if (seed != nullptr && seed->type.kind == Kind::Error) return seed;
  if (seed == nullptr || seed->type.kind != Kind::Text || seed->type.optional) {
    context.report(Code::NoSuchOverload, expr.span,
                   fmt::format("`{0}` takes one text, a name: `{0}('first')`", name),
                   "two calls with one name give one value in a row");
    return context.error(expr.span);
  }
  Chance chance(context, expr.span);
  const Expr* digits = chance.digest(seed);
  return name == "uuid" ? chance.uuid(digits) : chance.fraction(digits);
}

}  // namespace backfill::check
