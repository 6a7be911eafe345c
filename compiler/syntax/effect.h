// SPDX-License-Identifier: Apache-2.0
// The effects of the syntax tree: what a backfill writes.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/syntax/expression.h"

namespace backfill::syntax {

struct Assignment {
  Name column;
  ExprPtr value;
  Span span;
};

// `{ all of row except id, name = ... }`
struct RowValues {
  bool all_of_row = false;
  std::vector<Name> except;
  std::vector<Assignment> assignments;
  Span span;
};

enum class ConflictAction { DoNothing, Quarantine, Update, Drop };

// `on conflict (account_id) do nothing | quarantine | update { ... }`; repoint's has no columns, and may
// drop.
struct OnConflict {
  std::vector<Name> columns;
  ConflictAction action = ConflictAction::Quarantine;
  RowValues update;
  Span span;
};

// `seats = sum`, `name = first present`: the policy's words as written, with single spaces.
struct MergeRule {
  Name column;
  std::string policy;
  Span policy_span;
  Span span;
};

enum class EffectKind {
  Derive,        // derive target path = value [when] [only if missing] [once]
  Insert,        // insert [name] into table values [unless] [on_conflict] [always] [when]
  Ensure,        // ensure name in table by (columns) values [when]
  Update,        // update query values
  DeleteOthers,  // delete query
  DeleteRow,     // delete [when]
  Merge,         // merge partition by ... keep first order by ... { merge_rules }
  Repoint,       // repoint table.target [on_conflict]
  For,           // for name in value insert ... (effects has the one Insert)
  When,          // when condition as name { effects }
  Otherwise,     // otherwise as name { effects }
};

struct Effect {
  EffectKind kind = EffectKind::Derive;
  Span span;
  std::optional<Name> name;      // Insert's and Ensure's row, For's variable, outcome of When and Otherwise
  Name target;                   // Derive: the column; Repoint: the column of `table`
  std::vector<ExprPtr> path;     // Derive: ['a'][0] after the column; literals of kind Text and Integer
  ExprPtr value;                 // Derive, For (the list)
  ExprPtr when;                  // guard, or When's condition
  bool only_if_missing = false;  // Derive
  bool once = false;             // Derive
  QualifiedName table;           // Insert, Ensure, Repoint
  std::vector<Name> by;          // Ensure
  RowValues values;              // Insert, Ensure, Update
  ExprPtr unless;                // Insert
  std::optional<OnConflict> on_conflict;  // Insert, Repoint
  bool always = false;                    // Insert
  Query query;                            // Update, DeleteOthers
  std::vector<ExprPtr> partition;         // Merge
  std::vector<OrderKey> order;            // Merge: the first in this order survives
  std::vector<MergeRule> merge_rules;
  std::vector<Effect> effects;  // For, When, Otherwise
};

}  // namespace backfill::syntax
