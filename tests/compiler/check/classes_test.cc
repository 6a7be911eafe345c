// SPDX-License-Identifier: Apache-2.0
// What a compiled spec says of one row: its class, what it becomes, whether that is a change, why it is
// quarantined. The expectations are read from LANGUAGE.md (Scope, Intent, Types), not from the checker.
#include "tests/compiler/check/compiled.h"

namespace {

using namespace backfill;
using stdlib::Value;

const std::string kSchema = R"(
CREATE TABLE t (
  id INTEGER PRIMARY KEY,
  a INTEGER, b INTEGER, n INTEGER NOT NULL,
  s TEXT, short VARCHAR(4), other VARCHAR(4), required TEXT NOT NULL,
  flag BOOLEAN, money DECIMAL(6, 2)
);)";

// Values by column name; what is not given is missing.
using Given = std::map<std::string, Value>;

evaluate::Decision decide(const ir::Backfill& program, const Given& given) {
  evaluate::Row row;
  for (const ir::Input& input : program.row.inputs) {
    const auto found = given.find(program.table->columns[static_cast<std::size_t>(input.column)].name);
    row.inputs.push_back(found == given.end() ? Value() : found->second);
  }
  return evaluate::decide(program, row, {});
}

class Spec {
 public:
  explicit Spec(const std::string& body)
      : compiled_("spec.backfill", "backfill spec {\n  table t\n" + body + "\n}\n",
                  test::catalog_of(kSchema)) {}

  [[nodiscard]] std::string class_of(const Given& given) const {
    return ir::class_name(compiled_.program(), decide(compiled_.program(), given).class_code);
  }
  [[nodiscard]] evaluate::Decision of(const Given& given) const { return decide(compiled_.program(), given); }
  // The one derived column's value after the run.
  [[nodiscard]] Value value(const Given& given) const {
    const evaluate::Decision decision = of(given);
    INFO((decision.failure ? decision.failure->message : std::string()));
    REQUIRE(decision.outputs.size() == 1);
    return decision.outputs[0];
  }
  // The class as the program computes it for native code and SQL.
  [[nodiscard]] std::string class_by_code(const Given& given) const {
    const ir::Backfill& program = compiled_.program();
    evaluate::Row row;
    for (const ir::Input& input : program.row.inputs) {
      const auto found = given.find(program.table->columns[static_cast<std::size_t>(input.column)].name);
      row.inputs.push_back(found == given.end() ? Value() : found->second);
    }
    const evaluate::Outcome outcome = evaluate::evaluate(*program.row.class_code, row, {});
    if (outcome.failure) return "failure";
    REQUIRE_FALSE(outcome.value.missing());
    return ir::class_name(program, static_cast<std::int32_t>(outcome.value.integer()));
  }

 private:
  test::Compiled compiled_;
};

Value number(std::int64_t value) {
  return Value(value);
}
Value text(const char* value) {
  return Value(std::string(value));
}

}  // namespace

TEST_CASE("exclusions stand before reviews, reviews before uncertainty, whatever their order in the spec") {
  const Spec spec(R"(
  intent amend
  scope {
    where n > 0
    review  odd    when a = 1
    exclude locked when b = 1
    exclude second when b = 1 or a = 2
  }
  derive required = 'x')");
  const auto both = [&](const Given& given) {
    CHECK(spec.class_by_code(given) == spec.class_of(given));
    return spec.class_of(given);
  };
  CHECK(both({{"n", number(0)}, {"b", number(1)}}) == "out of scope");
  CHECK(both({{"n", number(1)}, {"a", number(1)}, {"b", number(1)}}) == "excluded locked");
  CHECK(both({{"n", number(1)}, {"a", number(2)}, {"b", number(2)}}) == "excluded second");
  CHECK(both({{"n", number(1)}, {"a", number(1)}, {"b", number(2)}}) == "review odd");
  CHECK(both({{"n", number(1)}, {"a", number(3)}, {"b", number(2)}}) == "candidate");
  // An exclusion that holds counts before one whose answer is missing.
  CHECK(both({{"n", number(1)}, {"a", number(2)}}) == "excluded second");
  // So does a review.
  CHECK(both({{"n", number(1)}, {"a", number(1)}}) == "review odd");
  // Counted by the first of the missing answers, in the order of the spec.
  CHECK(both({{"n", number(1)}, {"a", number(3)}}) == "uncertain (locked)");
  CHECK(both({{"n", number(1)}}) == "uncertain (odd)");
}

TEST_CASE("a where whose answer is missing is uncertain, not out of scope") {
  const Spec spec("  intent amend\n  scope { where a > 3 and n > 0 }\n  derive required = 'x'");
  CHECK(spec.class_of({{"n", number(1)}}) == "uncertain (where)");
  CHECK(spec.class_of({{"n", number(0)}}) == "out of scope");
  CHECK(spec.class_of({{"n", number(1)}, {"a", number(4)}}) == "candidate");
  CHECK(spec.class_by_code({{"n", number(1)}}) == "uncertain (where)");
}

TEST_CASE("several wheres are joined as by `and`, three-valued") {
  const Spec apart(
      "  intent amend\n  scope {\n    where a > 3\n    where not (a is missing and b = 1)\n  }\n"
      "  derive required = 'x'");
  const Spec joined(
      "  intent amend\n  scope { where a > 3 and not (a is missing and b = 1) }\n  derive required = 'x'");
  for (const Given& given : std::vector<Given>{{},
                                               {{"b", number(1)}},
                                               {{"b", number(2)}},
                                               {{"a", number(4)}, {"b", number(1)}},
                                               {{"a", number(1)}}}) {
    CHECK(apart.class_of(given) == joined.class_of(given));
    CHECK(apart.class_by_code(given) == apart.class_of(given));
  }
  CHECK(apart.class_of({{"b", number(1)}}) == "out of scope");
  CHECK(apart.class_of({{"b", number(2)}}) == "uncertain (where)");
}

TEST_CASE("unknown as decides a missing answer") {
  const Spec spec(R"(
  intent amend
  scope {
    exclude kept  when a = 1 unknown as false
    review  asked when b = 1 unknown as true
  }
  derive required = 'x')");
  CHECK(spec.class_of({{"b", number(2)}}) == "candidate");
  CHECK(spec.class_of({{"a", number(2)}}) == "review asked");
  CHECK(spec.class_by_code({{"b", number(2)}}) == "candidate");
  CHECK(spec.class_by_code({{"a", number(2)}}) == "review asked");
}

TEST_CASE("where ... unknown as says what a missing answer of the scope is") {
  const Spec taken("  intent amend\n  scope { where a > 3 unknown as true }\n  derive required = 'x'");
  const Spec left("  intent amend\n  scope { where a > 3 unknown as false }\n  derive required = 'x'");
  CHECK(taken.class_of({}) == "candidate");
  CHECK(left.class_of({}) == "out of scope");
  CHECK(taken.class_of({{"a", number(1)}}) == "out of scope");
}

TEST_CASE("a later exclusion is still asked where the answer of an earlier one is missing") {
  const Spec spec(R"(
  intent amend
  scope {
    exclude big     when a > 100
    exclude unknown when a is missing
  }
  derive required = 'x')");
  CHECK(spec.class_of({}) == "excluded unknown");
  CHECK(spec.class_by_code({}) == "excluded unknown");
}

TEST_CASE("fill writes what is missing and nothing else") {
  const Spec spec("  derive s = required");
  CHECK(spec.class_of({{"s", text("written")}, {"required", text("r")}}) == "out of scope");
  CHECK(spec.class_of({{"required", text("r")}}) == "candidate");
  CHECK(spec.value({{"required", text("r")}}) == text("r"));
  CHECK(spec.of({{"required", text("r")}}).changed);
}

TEST_CASE("fill of two columns leaves the one that is written") {
  const Spec spec("  derive s = 'new'\n  derive a = 7");
  const evaluate::Decision half = spec.of({{"s", text("old")}});
  REQUIRE(half.outputs.size() == 2);
  CHECK(half.outputs[0] == text("old"));
  CHECK(half.outputs[1] == number(7));
  CHECK(half.changed);
  CHECK(spec.class_of({{"s", text("old")}, {"a", number(1)}}) == "out of scope");
}

TEST_CASE("fill with a value that is missing changes nothing") {
  const Spec spec("  derive s = short");
  CHECK(spec.class_of({}) == "candidate");
  CHECK_FALSE(spec.of({}).changed);
}

TEST_CASE("recompute overwrites, and says unchanged where the value is there already") {
  const Spec spec("  intent recompute\n  derive s = required");
  CHECK(spec.value({{"s", text("old")}, {"required", text("new")}}) == text("new"));
  CHECK(spec.of({{"s", text("old")}, {"required", text("new")}}).changed);
  CHECK_FALSE(spec.of({{"s", text("new")}, {"required", text("new")}}).changed);
}

TEST_CASE("only if missing fills one column of a backfill that overwrites") {
  const Spec spec("  intent recompute\n  derive a = n only if missing\n  derive s = 'x'");
  const evaluate::Decision kept = spec.of({{"a", number(5)}, {"n", number(9)}, {"s", text("x")}});
  CHECK(kept.outputs[0] == number(5));
  CHECK_FALSE(kept.changed);
  CHECK(spec.of({{"n", number(9)}}).outputs[0] == number(9));
}

TEST_CASE("derive ... when keeps the prior value elsewhere, also where the condition is missing") {
  const Spec spec("  intent amend\n  derive s = 'x' when a > 3");
  CHECK(spec.value({{"a", number(4)}, {"s", text("old")}}) == text("x"));
  CHECK(spec.value({{"a", number(1)}, {"s", text("old")}}) == text("old"));
  CHECK(spec.value({{"s", text("old")}}) == text("old"));
}

TEST_CASE("all derivations read the row as it was before") {
  const Spec spec("  intent amend\n  scope { where a = 1 }\n  derive a = 2\n  derive b = a");
  const evaluate::Decision decision = spec.of({{"a", number(1)}, {"b", number(9)}});
  REQUIRE(decision.outputs.size() == 2);
  CHECK(decision.outputs[0] == number(2));
  CHECK(decision.outputs[1] == number(1));
}

TEST_CASE("row errors quarantine the row with the operands in the message") {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const Spec overflow("  intent recompute\n  derive a = n + 1");
  const evaluate::Decision decision = overflow.of({{"n", number(most)}});
  REQUIRE(decision.failure.has_value());
  CHECK(decision.failure->error == stdlib::RowError::Overflow);
  CHECK(decision.failure->message.find("9223372036854775807") != std::string::npos);
  CHECK(decision.outputs.empty());
  CHECK_FALSE(decision.changed);

  const Spec division("  intent recompute\n  derive a = 10 / n");
  CHECK(division.of({{"n", number(0)}}).failure->error == stdlib::RowError::DivisionByZero);
  const Spec conversion("  intent recompute\n  derive a = required as int64");
  CHECK(conversion.of({{"required", text("12x")}}).failure->error == stdlib::RowError::ConversionFailed);
  const Spec length("  intent recompute\n  derive short = required");
  CHECK(length.of({{"required", text("12345")}}).failure->error == stdlib::RowError::TextTooLong);
  CHECK(length.value({{"required", text("1234")}}) == text("1234"));
  const Spec digits("  intent recompute\n  derive money = n");
  CHECK(digits.of({{"n", number(10'000)}}).failure.has_value());
  CHECK(digits.value({{"n", number(9'999)}}) == Value(stdlib::Decimal{999'900, 2}));
}

TEST_CASE("an error in a branch that is not taken is none") {
  const Spec spec("  intent recompute\n  derive a = case { n = 0 -> 0, else -> 10 / n }");
  CHECK(spec.value({{"n", number(0)}}) == number(0));
  CHECK(spec.value({{"n", number(5)}}) == number(2));
}

TEST_CASE("an error in a rule leaves the row alone and says why") {
  const Spec spec("  intent amend\n  scope { exclude odd when 10 / n = 1 }\n  derive required = 'x'");
  CHECK(spec.class_of({{"n", number(0)}}) == "uncertain (odd)");
  CHECK(spec.of({{"n", number(0)}}).failure.has_value());
  CHECK(spec.of({{"n", number(0)}}).outputs.empty());
}

TEST_CASE("as ... or: missing stays missing, what does not convert takes the fallback") {
  const Spec missing("  intent recompute\n  derive a = s as int64 or missing");
  CHECK(missing.value({{"s", text("12")}}) == number(12));
  CHECK(missing.value({{"s", text("x")}}).missing());
  const Spec zero("  intent recompute\n  derive a = s as int64 or 0");
  CHECK(zero.value({{"s", text("x")}}) == number(0));
  CHECK(zero.value({{"s", text("7")}}) == number(7));
  CHECK(zero.value({}).missing());
}

TEST_CASE("a case without else is missing for what no arm takes") {
  const Spec spec("  intent recompute\n  derive s = case { a = 1 -> 'one' }");
  CHECK(spec.value({{"a", number(1)}}) == text("one"));
  CHECK(spec.value({{"a", number(2)}}).missing());
  CHECK(spec.value({}).missing());
}

TEST_CASE("case over a value: missing is taken only by its own pattern") {
  const Spec spec(
      "  intent recompute\n  derive s = case a { 1 | missing -> 'few', 2 -> 'two', else -> 'many' }");
  CHECK(spec.value({{"a", number(1)}}) == text("few"));
  CHECK(spec.value({}) == text("few"));
  CHECK(spec.value({{"a", number(2)}}) == text("two"));
  CHECK(spec.value({{"a", number(3)}}) == text("many"));
  const Spec without("  intent recompute\n  derive s = case a { 1 -> 'one', else -> 'other' }");
  CHECK(without.value({}) == text("other"));
}

TEST_CASE("missing spreads as NULL does") {
  const Spec spec("  intent recompute\n  derive flag = a > 1 and b > 1");
  CHECK(spec.value({{"a", number(2)}}).missing());
  CHECK(spec.value({{"a", number(1)}}) == Value(false));
  CHECK(spec.value({{"b", number(1)}}) == Value(false));
  CHECK(spec.value({{"a", number(2)}, {"b", number(2)}}) == Value(true));
  const Spec list("  intent recompute\n  derive flag = a in (1, b)");
  CHECK(list.value({{"a", number(1)}}) == Value(true));
  CHECK(list.value({{"a", number(2)}}).missing());
}

TEST_CASE("functions are put in where they are called") {
  const Spec spec(R"(
  intent recompute
  fn label(of: int64, other: text?) -> text = case { other is present -> other, of > 3 -> 'many', else -> 'few' }
  derive s = label(n, short))");
  CHECK(spec.value({{"n", number(4)}}) == text("many"));
  CHECK(spec.value({{"n", number(4)}, {"short", text("x")}}) == text("x"));
}

TEST_CASE("a second run over the result changes nothing") {
  const Spec spec("  intent recompute\n  derive s = lower_ascii(trim(s))");
  const Value once = spec.value({{"s", text("  ABC ")}});
  CHECK(once == text("abc"));
  CHECK_FALSE(spec.of({{"s", once}}).changed);
}

TEST_CASE("a declared length is no promise of what is stored: it is asked of each row") {
  const Spec copy("derive short = other");
  CHECK(copy.value({{"other", "four"}}).text() == "four");
  const evaluate::Decision longer = copy.of({{"other", "longer than four"}});
  REQUIRE(longer.failure);
  CHECK(longer.failure->error == stdlib::RowError::TextTooLong);
}
