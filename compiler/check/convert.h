// SPDX-License-Identifier: Apache-2.0
// Types meet: literals, calls with their constants folded, conversions that lose nothing, common types,
// assignment.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "compiler/check/context.h"

namespace backfill::check {

// A call of a row; where no argument reads the row or the moment it is folded, and one that always fails is
// reported.
const ir::Expr* call(Context& context, ir::Op op, const stdlib::Function& function,
                     std::vector<const ir::Expr*> arguments, stdlib::Type type, Span span);

// The type that all fit into without loss; nothing if there is none.
std::optional<stdlib::Type> common_type(std::span<const stdlib::Type> types);

// How two values of different types can meet: "convert one side: `... as float64`", or empty. `name` is the
// operator or function that takes both, empty for what only wants one type.
std::string meeting_help(std::string_view name, const ir::Expr& left, const ir::Expr& right);

// A call whose arguments are all literals, as the literal that it gives.
const ir::Expr* folded(Context& context, const ir::Expr* expr);

// `expr` as a `target`, by lossless conversions only; null if there is none. Keeps `optional` as it is.
const ir::Expr* widen(Context& context, const ir::Expr* expr, const stdlib::Type& target);

// `expr` as a value for the column: widened, or checked in each row where it may not fit (text length,
// decimal precision). Reports what cannot be assigned and gives an error expression.
const ir::Expr* assign(Context& context, const ir::Expr* expr, const schema::Column& column, Span span);

// A text literal as a label of the enum `type`; one that is none is reported and becomes an error. Others,
// and beside other types, come back as they are.
const ir::Expr* as_label(Context& context, const ir::Expr* expr, const stdlib::Type& type);
// The same for every literal beside an enum; false: reported.
bool as_labels(Context& context, std::vector<const ir::Expr*>& values);

// Text as a value of the enum: literals are its labels, all else is asked in each row (a row error, or
// missing under Op::TryCall). What is no text comes back as it is.
const ir::Expr* to_enum(Context& context, const ir::Expr* expr, const stdlib::Type& type, ir::Op op);

}  // namespace backfill::check
