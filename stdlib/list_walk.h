// SPDX-License-Identifier: Apache-2.0
// What native code calls to go over a list element by element. They are no functions of the language, so they
// stand in no table; native lowering names them, the JIT links them as it does any row.
#pragma once

#include "stdlib/function.h"

namespace backfill::stdlib {

struct ListWalk {
  // `rest` is the list at first, then what `after` gives; longer than two bytes while there is an element.
  Function element;  // (rest) -> the first element
  Function after;    // (rest) -> what follows it
  // `made` is empty at first, then what `add` gave and nothing else may read: it grows in place.
  Function add;     // (made, element); Overflow past json::kMostBytes
  Function closed;  // (made) -> the list
};
const ListWalk& list_walk();

}  // namespace backfill::stdlib
