// SPDX-License-Identifier: Apache-2.0
// Going over the elements of a list or a JSON array: comprehensions, and effects that do something for each.
#pragma once

#include <optional>
#include <string>

#include "compiler/check/context.h"

namespace backfill::check {

// `element` is asked for by the body, which gives value and condition.
struct Walk {
  const ir::Expr* list = nullptr;
  const ir::Expr* element = nullptr;
  const ir::Expr* value = nullptr;  // the element, of the list's own type
};

// Over what `source` says, under `name`. Nothing: reported.
std::optional<Walk> begin_walk(Context& context, const syntax::Expr& source, const syntax::Name& name);
// The list of `value`, a JSON value, of the elements for which the condition is true.
const ir::Expr* end_walk(Context& context, const Walk& walk, const ir::Expr* value, const ir::Expr* condition,
                         stdlib::Type element, Span span);
// `value` as what a list holds, a JSON value, and its type there. Nothing: reported.
struct Held {
  const ir::Expr* json = nullptr;
  stdlib::Type type;
};
std::optional<Held> held_in_a_list(Context& context, const ir::Expr* value, Span span);

// The name of an element, for as long as it stands.
class Variable {
 public:
  Variable(Context& context, const std::string& name, const ir::Expr* value);
  ~Variable();
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  Context& context_;
  std::string name_;
  const ir::Expr* hidden_;
};

}  // namespace backfill::check
