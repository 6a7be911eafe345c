// SPDX-License-Identifier: Apache-2.0
// The parts of a program in words.
#pragma once

#include <string>
#include <vector>

#include "compiler/plan/plan.h"

namespace backfill::plan {

std::string intent_name(ir::Intent intent);
std::string intent_means(ir::Intent intent);
std::string duration(std::int64_t microseconds);
std::string share(double fraction);                              // 0.001 -> "0.1%"
std::string number(std::int64_t value);                          // 20,000
std::string quoted_list(const std::vector<std::string>& names);  // `a`, `b`
std::string takes(const ir::Stage& stage, const std::vector<std::string>& conditions);
std::vector<std::string> gates(const ir::Stage& stage);
std::vector<std::string> pace(const ir::Pace& pace);
std::vector<std::string> verify(const ir::Backfill& backfill);
std::vector<std::string> rollback(const ir::Backfill& backfill);

}  // namespace backfill::plan
