// SPDX-License-Identifier: Apache-2.0
// Values of `param`s, kept with the text of the spec: as comments at its end, so that what is frozen with a
// run means the same when it is compiled again.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/source.h"

namespace backfill::source {

// Each of them "name=value", on one line. Where one is given twice the last one counts.
File with_parameters(const File& file, const std::vector<std::string>& parameters);
// Values by name.
std::map<std::string, std::string> parameters_of(std::string_view text);

}  // namespace backfill::source
