// SPDX-License-Identifier: Apache-2.0
// What extern functions answer in a test: `with infer [ { slug: 'a', gives: 'b' } ]`.
#pragma once

#include <functional>
#include <optional>

#include "compiler/check/context.h"
#include "compiler/evaluate/evaluate.h"

namespace backfill::check {

// The value of a field for a column, in the test's moment; nothing: reported.
using TestValueOf =
    std::function<std::optional<stdlib::Value>(const syntax::TestField& field, const schema::Column& column)>;

// Null: they are of a table.
const syntax::Function* extern_of(const Context& context, const syntax::TestRows& rows);
// Sets the inputs that extern functions answer, of calls that the row comes to; one that the test does not
// answer is reported.
void answer_externs(Context& context, const syntax::Test& test, const TestValueOf& value_of,
                    const evaluate::Moment& moment, evaluate::Row& row);

}  // namespace backfill::check
