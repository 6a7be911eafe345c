// SPDX-License-Identifier: Apache-2.0
// What --json prints: the results of runtime/execute as JSON, fields in the order and by the names of their
// headers.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "runtime/execute/dry_run.h"
#include "runtime/execute/history.h"
#include "runtime/execute/manifest.h"
#include "runtime/execute/rollback.h"
#include "runtime/execute/run.h"
#include "runtime/execute/status.h"
#include "runtime/execute/verify.h"

namespace backfill::cli {

using Json = nlohmann::ordered_json;

void print_json(const Json& document);  // indented, and a newline
void print_json_line(const Json& event);

Json to_json(const execute::ClassCounts& classes);
Json to_json(const execute::Outcomes& outcomes);
Json to_json(const execute::StageReport& stage);
Json to_json(const execute::ProgressUpdate& update);
Json to_json(const execute::DryRunReport& report);
Json to_json(const execute::RunReport& report);
Json to_json(const execute::VerifyReport& report);
Json to_json(const execute::RollbackReport& report);
Json to_json(const execute::RunSummary& summary);
Json to_json(const execute::Status& status);
Json to_json(const execute::History& history);
Json to_json(const execute::ControlReport& report);

}  // namespace backfill::cli
