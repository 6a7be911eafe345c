// SPDX-License-Identifier: Apache-2.0
// The users' own tests in the syntax tree: rows given, answers expected.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/syntax/rollout.h"

namespace backfill::syntax {

struct TestField;

enum class TestValueKind { Expression, Object, List };

// A literal or an expression of literals (`now() - 1 day`), a JSON object, or a list.
struct TestValue {
  TestValueKind kind = TestValueKind::Expression;
  ExprPtr expression;
  std::vector<TestField> fields;  // Object
  std::vector<TestValue> items;   // List
  Span span;
};

struct TestField {
  Name name;
  TestValue value;
};

// `{ id: 1, status: 'active' }`
struct TestRow {
  std::vector<TestField> fields;
  Span span;
};

// `given { ... }`, `given [ {...}, {...} ]`, `given users { ... }` (with `tables`), and `with plans [ ... ]`.
struct TestRows {
  std::optional<QualifiedName> table;  // always set in `with`
  std::vector<TestRow> rows;
  Span span;
};

// `with cutoff = date '2024-01-01'`: a param, or `now`.
struct TestSetting {
  Name name;
  ExprPtr value;
  Span span;
};

enum class ExpectKind {
  Rows,         // { ... }, [ {...} ], or `plans [ ... ]`: what the rows are afterwards
  Excluded,     // excluded NAME
  Review,       // review NAME
  Uncertain,    // uncertain [NAME]
  OutOfScope,   // out of scope
  Unchanged,    // unchanged
  Quarantined,  // quarantined ["reason"]
  Deleted,      // deleted
  Outcome,      // outcome NAME
};

struct TestExpect {
  ExpectKind kind = ExpectKind::Rows;
  TestRows rows;
  std::optional<Name> name;
  std::optional<Prose> reason;
  Span span;
};

struct Test {
  Prose name;
  std::vector<TestRows> given;
  std::vector<TestRows> with;
  std::vector<TestSetting> settings;
  std::vector<TestExpect> expects;
  Span span;
};

}  // namespace backfill::syntax
