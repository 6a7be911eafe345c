// SPDX-License-Identifier: Apache-2.0
// A clause that does not parse costs itself, not the file.
#pragma once

#include "grammar/pegtl.h"

namespace backfill::grammar {

// Matches Clause. Where that is raised, the state takes the exception down, and the input goes on at the
// place that the state says: the next clause word first on its line, the closing brace, or the end.
template <typename Clause>
struct recovering {
  using rule_t = recovering;
  using subs_t = peg::type_list<Clause>;

  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input, typename State>
  static bool match(Input& in, State& state) {
    const auto mark = state.mark();
    const auto begin = static_cast<std::size_t>(in.current() - in.begin());
    std::size_t skip = 0;
    {
      auto start = in.template mark<peg::rewind_mode::required>();
      try {
        return start(
            Control<Clause>::template match<A, peg::rewind_mode::required, Action, Control>(in, state));
      } catch (...) {
        skip = state.recover(mark, begin);
      }
    }  // rewound
    in.bump(skip);
    return true;
  }
};

}  // namespace backfill::grammar

template <typename Name, typename Clause>
struct tao::pegtl::analyze_traits<Name, backfill::grammar::recovering<Clause>>
    : tao::pegtl::analyze_seq_traits<Clause> {};
