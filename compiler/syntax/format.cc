// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/format.h"
namespace backfill::syntax {
std::string format(const File&, const source::File& file) { return std::string(file.text()); }
}
