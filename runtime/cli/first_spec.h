// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "compiler/schema/catalog.h"

namespace backfill::cli {

// A spec for the table that parses and checks, and says where a person has to decide.
std::string first_spec(const schema::Table& table);

}  // namespace backfill::cli
