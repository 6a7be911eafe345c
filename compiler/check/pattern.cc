// SPDX-License-Identifier: Apache-2.0
// `matches`, `like`, and the patterns of functions: literals that every database reads alike.
#include "stdlib/pattern.h"

#include <fmt/format.h>

#include "compiler/check/expression.h"
#include "compiler/check/lint.h"
#include "stdlib/utf8.h"

namespace backfill::check {

using ir::Expr;
using ir::Op;

namespace {

bool report(Context& context, Span span, std::string message, std::string help = {}) {
  context.report(Code::PatternNotPortable, span, std::move(message), std::move(help));
  return false;
}

bool check_regex(Context& context, std::string_view function, const std::string& source, Span span) {
  const stdlib::ParsedPattern parsed = stdlib::parse_pattern(source);
  if (!parsed.pattern) {
    return report(context, span, fmt::format("not every database reads {} alike", parsed.problem),
                  "docs/language.md says which patterns are portable");
  }
  const bool whole = function == "regexp_like";
  if (!whole && parsed.pattern->matches_empty)
    return report(context, span, "the pattern also matches the empty text, which is found everywhere",
                  "let it match at least one character: `+` in place of `*`");
  if (function == "regexp_capture" && parsed.pattern->groups == 0)
    return report(context, span, "the pattern has no group", "put what is asked for in parentheses");
  return true;
}

// `like '50!%' escape '!'`: the same pattern with the backslash, which is what takes literally in the table's
// row. `escape ''`: nothing does.
const Expr* with_backslash(Context& context, const Expr* pattern, const syntax::Literal& escape) {
  const auto width = escape.text.empty() ? 0 : static_cast<std::size_t>(stdlib::utf8::width(escape.text[0]));
  if (width != escape.text.size()) {
    report(context, escape.span, fmt::format("`{}` is more than one character", escape.text),
           "one character takes the next one as it is");
    return context.error(pattern->span);
  }
  if (pattern->op != Op::Literal || pattern->type.kind != stdlib::Kind::Text || pattern->value.missing())
    return pattern;  // check_pattern says what is wrong
  std::string_view rest = pattern->value.text();
  std::string written;
  while (!rest.empty()) {
    if (width > 0 && rest.starts_with(escape.text)) {
      rest.remove_prefix(width);
      if (rest.empty()) {
        report(context, pattern->span,
               fmt::format("the `{}` at the end of the pattern takes nothing literally", escape.text),
               "write two of them for the character itself");
        return context.error(pattern->span);
      }
      written += '\\';
    } else if (rest[0] == '\\') {
      written += '\\';
    }
    const auto point = static_cast<std::size_t>(stdlib::utf8::width(rest[0]));
    written += rest.substr(0, point);
    rest.remove_prefix(point);
  }
  return context.literal(std::move(written), stdlib::text(), pattern->span);
}

bool check_pattern(Context& context, std::string_view function, const Expr& pattern) {
  if (pattern.type.kind == stdlib::Kind::Error) return false;
  if (pattern.op != Op::Literal || pattern.value.missing() || pattern.type.kind != stdlib::Kind::Text)
    return report(
        context, pattern.span, "a pattern is written out, so that it can be checked",
        function == "like" ? "write it in single quotes: `'a%'`" : "write it between slashes: `/^[a-z]+$/`");
  if (function != "like") return check_regex(context, function, pattern.value.text(), pattern.span);
  if (stdlib::parse_like(pattern.value.text())) return true;
  return report(context, pattern.span, "the backslash at the end of the pattern takes nothing literally",
                "write two for a backslash");
}

}  // namespace

bool check_patterns(Context& context, std::string_view function, const std::vector<const Expr*>& arguments) {
  for (const stdlib::Function* row : stdlib::overloads(function)) {
    for (std::size_t k = 0; k < std::min(row->parameters.size(), arguments.size()); ++k) {
      if (row->parameters[k].name == "pattern" && !check_pattern(context, function, *arguments[k]))
        return false;
    }
  }
  return true;
}

const Expr* check_matches(Context& context, const syntax::Expr& expr) {
  const Expr* value = check_expression(context, *expr.children[0]);
  const syntax::Literal& regex = expr.children[1]->literal;
  const Expr* pattern = context.literal(regex.text, stdlib::text(), expr.children[1]->span);
  if (!check_pattern(context, "regexp_like", *pattern)) return context.error(expr.span);
  lint_anchors(context, expr);
  const Expr* matches = apply(context, "regexp_like", {value, pattern}, expr.span);
  return expr.negated ? negation(context, matches, expr.span) : matches;
}

const Expr* check_like(Context& context, const syntax::Expr& expr) {
  const Expr* value = check_expression(context, *expr.children[0]);
  const Expr* pattern = check_expression(context, *expr.children[1]);
  if (expr.children.size() > 2) pattern = with_backslash(context, pattern, expr.children[2]->literal);
  if (!check_pattern(context, "like", *pattern)) return context.error(expr.span);
  const Expr* like = apply(context, "like", {value, pattern}, expr.span);
  return expr.negated ? negation(context, like, expr.span) : like;
}

}  // namespace backfill::check
