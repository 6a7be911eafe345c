// SPDX-License-Identifier: Apache-2.0
// Ctrl-C and SIGTERM: the first one asks the job to finish its batch, the second one leaves at once.
#pragma once

#include <atomic>

namespace backfill::cli {

// Installs the handlers; the flag is set by the first signal.
const std::atomic<bool>* catch_interrupts();

}  // namespace backfill::cli
