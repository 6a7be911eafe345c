// SPDX-License-Identifier: Apache-2.0
// What a message of messages.h is made of, for those who read messages and not rules.
#pragma once

namespace backfill::grammar {

enum class Trap {
  None,
  GluedComment,
  ChainedComparison,
  Unterminated,
  GluedNumber,
  OptionalCast,
  NotCallable
};

struct Message {
  const char* text = nullptr;
  Trap trap = Trap::None;
  bool at_previous = false;  // points at the end of the token before: something was not closed
};

}  // namespace backfill::grammar
