// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/parse.h"

#include "catch2/catch.hpp"

using namespace backfill;
using namespace backfill::syntax;

namespace {

struct Parsed {
  source::File file;
  diagnostic::Sink sink;
  std::unique_ptr<File> tree;
  explicit Parsed(const std::string& text) : file("t", text), sink(file), tree(parse(file, sink)) {}
  [[nodiscard]] std::vector<std::string_view> codes() const {
    std::vector<std::string_view> result;
    for (const auto& d : sink.sorted()) result.push_back(diagnostic::text(d.code));
    return result;
  }
};

// As a LISP would write it: shows precedence and associativity.
std::string show(const Expr& e) {
  std::string out;
  const auto add = [&](const Expr& child) { out += " " + show(child); };
  switch (e.kind) {
    case ExprKind::Literal:
      return e.literal.written;
    case ExprKind::Name:
      return e.name.text;
    case ExprKind::Row:
      return "row";
    case ExprKind::Field:
      return show(*e.children[0]) + "." + e.name.text;
    case ExprKind::Unary:
    case ExprKind::Binary:
      out = text(e.op);
      break;
    case ExprKind::Call:
      out = e.callee.text();
      break;
    case ExprKind::Cast:
      out = "as " + e.type.name.text();
      break;
    case ExprKind::IsMissing:
      out = "missing?";
      break;
    case ExprKind::IsPresent:
      out = "present?";
      break;
    case ExprKind::In:
      out = e.negated ? "not-in" : "in";
      break;
    case ExprKind::Between:
      out = "between";
      break;
    default:
      out = "?";
      break;
  }
  for (const ExprPtr& child : e.children) add(*child);
  for (const Argument& argument : e.arguments) add(*argument.value);
  if (e.fallback) out += " or " + e.fallback->written;
  return "(" + out + ")";
}

Parsed derive(const std::string& expression) {
  return Parsed("backfill a { table t derive x = " + expression + "\n}");
}

std::string shape(const std::string& expression) {
  const Parsed parsed = derive(expression);
  if (parsed.sink.has_errors()) return diagnostic::render(parsed.sink, false);
  return show(*parsed.tree->backfills.at(0).effects.at(0).value);
}

Literal literal(const std::string& written) {
  const Parsed parsed = derive(written);
  REQUIRE_FALSE(parsed.sink.has_errors());
  return parsed.tree->backfills.at(0).effects.at(0).value->literal;
}

}  // namespace

TEST_CASE("precedence and associativity") {
  CHECK(shape("a or b and not c = d") == "(or a (and b (not (= c d))))");
  CHECK(shape("a - b - c * -d") == "(- (- a b) (* c (- d)))");
  CHECK(shape("a ?? b || c + d % e") == "(?? a (|| b (+ c (% d e))))");
  CHECK(shape("a |> f(b) |> g as text") == "(as text (g (f a b)))");
  CHECK(shape("a as int32 or 0 or b") == "(or (as int32 a or 0) b)");
  CHECK(shape("not a is missing") == "(not (missing? a))");
  CHECK(shape("a between 1 and 2 and b") == "(and (between a 1 2) b)");
  CHECK(shape("a not in (1, b) or row.c is present") == "(or (not-in a 1 b) (present? row.c))");
  CHECK(shape("a is distinct from b") == "(is distinct from a b)");
}

TEST_CASE("literals are decoded") {
  CHECK(literal("1_000_000").integer == 1000000);
  CHECK(literal("0.250").integer == 250);
  CHECK(literal("0.250").scale == 3);
  CHECK(literal("1e-6").floating == 1e-6);
  CHECK(literal("0.1%").scale == 1);
  CHECK(literal("'it''s'").text == "it's");
  CHECK(literal("x'00fF'").text == std::string("\0\xff", 2));
  CHECK(literal("date '2024-01-31'").text == "2024-01-31");
  CHECK(literal("90 s").duration == Duration{0, 0, 90'000'000});
  CHECK(literal("1.5 hours").duration == Duration{0, 0, 5'400'000'000});
  CHECK(literal("2 weeks").duration == Duration{0, 14, 0});
  CHECK(literal("1 year").duration == Duration{12, 0, 0});
  CHECK(derive("0.5 days").codes() == std::vector<std::string_view>{"BF0113"});
  CHECK(derive(std::string(39, '9')).codes() == std::vector<std::string_view>{"BF0113"});
}

TEST_CASE("when behind an effect guards it, unless it names an outcome") {
  const Parsed parsed(
      "backfill a { derive x = 1 when b derive y = 2 when c as d { delete } otherwise as e { } }");
  REQUIRE_FALSE(parsed.sink.has_errors());
  const auto& effects = parsed.tree->backfills.at(0).effects;
  REQUIRE(effects.size() == 4);
  CHECK(effects[0].when != nullptr);
  CHECK(effects[1].when == nullptr);
  CHECK(parsed.file.text(effects[1].span) == "derive y = 2");
  CHECK(effects[2].kind == EffectKind::When);
  CHECK(effects[2].name->text == "d");
  CHECK(effects[3].kind == EffectKind::Otherwise);
}

TEST_CASE("every clause that fails is reported, and the others are kept") {
  const Parsed parsed(
      "backfill a {\n  table t\n  derive x =\n  let y = 1\n  derive = 2\n  derive z = 3\n}\nbackfill b { "
      "table u delete }");
  CHECK(parsed.codes().size() == 2);
  CHECK_FALSE(parsed.tree->complete);
  REQUIRE(parsed.tree->backfills.size() == 2);
  CHECK(parsed.tree->backfills[0].lets.size() == 1);
  CHECK(parsed.tree->backfills[0].effects.size() == 1);
}

TEST_CASE("prose over several lines loses its indentation") {
  const Parsed parsed("backfill a {\n  about \"\"\"\n    One\n      two.\n    \"\"\"\n  table t }");
  REQUIRE_FALSE(parsed.sink.has_errors());
  CHECK(parsed.tree->backfills[0].about->text == "One\n  two.");
}
