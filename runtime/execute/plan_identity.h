// SPDX-License-Identifier: Apache-2.0
// What must be the same for a run to be resumed, and for an approval to count.
#pragma once

#include <string>
#include <string_view>

#include "compiler/ir/ir.h"

namespace backfill::execute {

// Of the frozen plan: spec text, schema, compiler, and what its source files hold (sources.h). An approval is
// bound to it. 32 hexadecimal digits.
[[nodiscard]] std::string plan_hash(std::string_view spec, const schema::Table& table,
                                    std::string_view compiler_version, std::string_view sources = "");
// The version of the time zone data that the program reads, kept with the run: another version may give other
// answers. Empty where it reads none.
[[nodiscard]] std::string zone_data(const ir::Backfill& backfill);
// Of the stages and their gates: the manifest has counted by them.
[[nodiscard]] std::string stages_fingerprint(const ir::Backfill& backfill);

// One line per column and key; `schema_changes` says which lines came and went.
[[nodiscard]] std::string schema_text(const schema::Table& table);
[[nodiscard]] std::string schema_changes(std::string_view before, std::string_view after);

[[nodiscard]] std::string_view kind_name(ir::StageKind kind);               // "sample rows", ...
[[nodiscard]] std::string gate_text(const std::vector<ir::Gate>& gates);    // "verified, approval by \"x\""
[[nodiscard]] std::string approval_by(const std::vector<ir::Gate>& gates);  // empty: none is needed

}  // namespace backfill::execute
