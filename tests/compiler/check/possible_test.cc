// SPDX-License-Identifier: Apache-2.0
// What possible.h calls never is never seen: random cases over small values, each row evaluated.
#include <random>

#include "compiler/check/possible.h"
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;

const std::string kSchema =
    "CREATE TABLE t (id INTEGER PRIMARY KEY, a INTEGER, b BOOLEAN, c TEXT, out TEXT, d INTEGER NOT NULL);";

std::string pick(std::mt19937& random, const std::vector<std::string>& from) {
  return from[random() % from.size()];
}

std::string condition(std::mt19937& random, int depth) {
  if (depth > 0 && random() % 2 == 0) {
    const std::string left = condition(random, depth - 1), right = condition(random, depth - 1);
    return "(" + left + pick(random, {" and ", " or "}) + right + ")";
  }
  if (depth > 0 && random() % 4 == 0) return "(not " + condition(random, depth - 1) + ")";
  const std::string number = std::to_string(random() % 4);
  switch (random() % 7) {
    case 0:
      return pick(random, {"a", "d"}) + pick(random, {" = ", " != ", " < ", " <= ", " > ", " >= "}) + number;
    case 1:
      return pick(random, {"a", "b", "c"}) + pick(random, {" is missing", " is present"});
    case 2:
      return "b";
    case 3:
      return "c" + pick(random, {" in ('x', 'y')", " not in ('x')", " = 'y'", " is distinct from 'x'"});
    case 4:
      return number + pick(random, {" < ", " >= "}) + "d";
    case 5:
      return "((a = " + number + ") ?? b ?? false)";
    default:
      return "a between 1 and " + number;
  }
}

using Values = std::vector<std::vector<stdlib::Value>>;

// Every row of a few values per input.
template <typename Visit>
void each_row(const ir::Backfill& program, const Visit& visit) {
  Values choices;
  std::size_t count = 1;
  for (const ir::Input& input : program.row.inputs) {
    std::vector<stdlib::Value> some;
    if (input.type.kind == stdlib::Kind::Bool) some = {true, false};
    if (input.type.kind == stdlib::Kind::Text) some = {std::string("x"), std::string("y"), std::string("z")};
    if (stdlib::is_integer(input.type.kind))
      for (std::int64_t k = -1; k < 5; ++k) some.emplace_back(k);
    if (input.type.optional) some.emplace_back();
    count *= some.size();
    choices.push_back(some);
  }
  for (std::size_t k = 0; k < count; ++k) {
    evaluate::Row row;
    std::size_t rest = k;
    for (const auto& some : choices) {
      row.inputs.push_back(some[rest % some.size()]);
      rest /= some.size();
    }
    visit(row);
  }
}

bool holds(const ir::Expr& expr, const evaluate::Row& row) {
  const evaluate::Outcome outcome = evaluate::evaluate(expr, row, {});
  if (outcome.failure) FAIL(outcome.failure->message);
  return !outcome.value.missing() && outcome.value.boolean();
}

}  // namespace

TEST_CASE("an arm that is called unreachable takes no row, and a case that is called whole leaves none") {
  std::mt19937 random(41);
  int unreachable = 0, whole = 0;
  for (int k = 0; k < 400; ++k) {
    std::vector<std::string> texts = {condition(random, 2), condition(random, 2), condition(random, 1)};
    // Each as a stage condition: checked one by one, so that nothing is folded by the others.
    std::string stages;
    for (std::size_t s = 0; s < texts.size(); ++s)
      stages += "    s" + std::to_string(s) + " where " + texts[s] + " then verified\n";
    const std::string spec = "backfill t {\n  table t\n  intent recompute\n  derive out = 'v'\n  stages {\n" +
                             stages + "    rest then verified\n  }\n  verify { sample all }\n}\n";
    INFO(spec);
    const test::Compiled compiled("t", spec, test::catalog_of(kSchema));
    INFO(compiled.rendered());
    if (k == 0) CHECK_FALSE(compiled.sink.has_errors());
    if (compiled.sink.has_errors()) continue;
    const ir::Backfill& program = compiled.program();
    std::vector<const ir::Expr*> conditions = program.row.stage_conditions;
    const check::Assumption assumed{conditions.back(), check::Known::NotTrue};
    conditions.pop_back();
    const check::Possible seen = check::possible({assumed}, conditions);
    REQUIRE(seen.decided);
    for (const bool taken : seen.ever_taken) unreachable += taken ? 0 : 1;
    whole += seen.falls_through ? 0 : 1;
    each_row(program, [&](const evaluate::Row& row) {
      if (holds(*assumed.condition, row)) return;
      bool taken = false;
      for (std::size_t c = 0; c < conditions.size() && !taken; ++c) {
        taken = holds(*conditions[c], row);
        if (taken && !seen.ever_taken[c]) FAIL_CHECK("condition " << c << " is true of a row");
      }
      if (!taken && !seen.falls_through) FAIL_CHECK("a row is left over");
    });
  }
  CHECK(unreachable > 20);
  CHECK(whole > 5);
}
