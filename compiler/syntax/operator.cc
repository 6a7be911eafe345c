// SPDX-License-Identifier: Apache-2.0
#include <cstdlib>

#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

struct Row {
  Operator op;
  const char* written;
};

constexpr Row rows[] = {
    {Operator::None, ""},
    {Operator::Or, "or"},
    {Operator::And, "and"},
    {Operator::Not, "not"},
    {Operator::Equal, "="},
    {Operator::NotEqual, "!="},
    {Operator::Less, "<"},
    {Operator::LessEqual, "<="},
    {Operator::Greater, ">"},
    {Operator::GreaterEqual, ">="},
    {Operator::Coalesce, "??"},
    {Operator::Concat, "||"},
    {Operator::Add, "+"},
    {Operator::Subtract, "-"},
    {Operator::Multiply, "*"},
    {Operator::Divide, "/"},
    {Operator::Modulo, "%"},
    {Operator::Negate, "-"},
    {Operator::IsDistinct, "is distinct from"},
    {Operator::IsNotDistinct, "is not distinct from"},
};

}  // namespace

const char* text(Operator op) {
  for (const Row& row : rows)
    if (row.op == op) return row.written;
  std::abort();  // every operator has a row
}

Operator operator_of(std::string_view written) {
  for (const Row& row : rows)
    if (row.written == written) return row.op;
  std::abort();  // the grammar takes no other sign
}

}  // namespace backfill::syntax
