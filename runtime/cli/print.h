// SPDX-License-Identifier: Apache-2.0
// Results of runtime/execute for people, on stdout.
#pragma once

#include <string>
#include <string_view>

#include "runtime/execute/dry_run.h"
#include "runtime/execute/history.h"
#include "runtime/execute/manifest.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/run.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"

namespace backfill::cli {

void heading(std::string_view text);

// Classes that have rows, and the sum, so that one sees that they add up.
void print_classes(const execute::ClassCounts& classes, std::int64_t rows);
// Outcomes, and the candidates that they add up to.
void print_outcomes(const execute::Outcomes& outcomes);
void print_written(const std::vector<execute::EffectWritten>& effects);
void print_by_outcome(const std::vector<execute::OutcomeCount>& outcomes);  // those that the spec names
void print_stages(const std::vector<execute::StageReport>& stages);
void print_set_aside(const std::vector<execute::SetAside>& rows, std::int64_t all);

void print_dry_run(const execute::DryRunReport& report);
void print_run(const execute::RunReport& report, const std::string& db);
void print_verify(const execute::VerifyReport& report);
void print_triage(const execute::VerifyReport& report);
void print_rollback(const execute::RollbackReport& report, bool dry_run);
void print_status(const execute::Status& status);
void print_runs(const std::vector<execute::RunSummary>& runs);
void print_history(const execute::History& history);

// "native code 1,000,000 rows (compiled in 12 ms), evaluator 2,048 rows"
std::string engine_text(const execute::EngineReport& engine);

}  // namespace backfill::cli
