// SPDX-License-Identifier: Apache-2.0
// The one door to PEGTL 3.2: what the pages use of it, and the rules that it lacks.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

#include <tao/pegtl.hpp>
#include <tao/pegtl/contrib/analyze_traits.hpp>
#include <tao/pegtl/contrib/limit_depth.hpp>

namespace backfill::grammar {

namespace peg = tao::pegtl;
using peg::at;
using peg::must;
using peg::not_at;
using peg::one;
using peg::opt;
using peg::plus;
using peg::rep;
using peg::seq;
using peg::sor;
using peg::star;
using peg::until;

// A word of the language as a template parameter.
template <std::size_t N>
struct Word {
  char letters[N];
  constexpr Word(const char (&written)[N]) { std::copy_n(written, N, letters); }
  [[nodiscard]] constexpr std::string_view view() const { return {letters, N - 1}; }
};

constexpr bool is_name_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// The characters alone. PEGTL's own strings cost a type per character: seconds and hundreds of megabytes.
template <Word W>
struct exactly {
  using rule_t = exactly;
  using subs_t = peg::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    constexpr std::string_view word = W.view();
    if (in.size(word.size()) < word.size()) return false;
    if (std::string_view(in.current(), word.size()) != word) return false;
    in.bump_in_this_line(word.size());
    return true;
  }
};

// A whole word: no letter of a name may touch its end.
template <Word W>
struct keyword {
  using rule_t = keyword;
  using subs_t = peg::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    constexpr std::size_t size = W.view().size();
    if (in.size(size + 1) < size || std::string_view(in.current(), size) != W.view()) return false;
    if (in.size(size + 1) > size && is_name_letter(in.current()[size])) return false;
    in.bump_in_this_line(size);
    return true;
  }
};

// Succeeds, without consuming, where nothing but blanks stands before on the line.
struct first_on_line {
  using rule_t = first_on_line;
  using subs_t = peg::type_list<>;
  template <typename Input>
  static bool match(Input& in) {
    const char* p = in.current();
    while (p != in.begin() && (p[-1] == ' ' || p[-1] == '\t' || p[-1] == '\r')) --p;
    return p == in.begin() || p[-1] == '\n';
  }
};

}  // namespace backfill::grammar

template <typename Name, backfill::grammar::Word W>
struct tao::pegtl::analyze_traits<Name, backfill::grammar::exactly<W>> : tao::pegtl::analyze_any_traits<> {};
template <typename Name, backfill::grammar::Word W>
struct tao::pegtl::analyze_traits<Name, backfill::grammar::keyword<W>> : tao::pegtl::analyze_any_traits<> {};
template <typename Name>
struct tao::pegtl::analyze_traits<Name, backfill::grammar::first_on_line> : tao::pegtl::analyze_opt_traits<> {
};
