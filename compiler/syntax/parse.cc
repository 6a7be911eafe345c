// SPDX-License-Identifier: Apache-2.0
// The one translation unit that includes the grammar: it runs the rules and collects nodes.
#include "compiler/syntax/parse.h"

#include "compiler/syntax/build.h"
#include "compiler/syntax/collect.h"
#include "compiler/syntax/guard.h"
#include "compiler/syntax/messages.h"
#include "grammar/messages.h"

namespace backfill::syntax {
namespace {

namespace peg = tao::pegtl;

template <typename Rule>
inline constexpr NodeKind node_kind = NodeKind::none;
#define X(rule) \
  template <>   \
  inline constexpr NodeKind node_kind<grammar::rule> = NodeKind::rule;
BACKFILL_SYNTAX_NODES(X)
#undef X

// A level of precedence without an operator, or a name without a postfix, leaves its only child.
constexpr bool collapses(NodeKind kind) {
  switch (kind) {
    case NodeKind::disjunction:
    case NodeKind::conjunction:
    case NodeKind::comparison:
    case NodeKind::coalesce:
    case NodeKind::concat:
    case NodeKind::sum:
    case NodeKind::product:
    case NodeKind::pipeline:
    case NodeKind::name_expression:
    case NodeKind::list_expression:
      return true;
    default:
      return false;
  }
}

template <typename Input>
std::uint32_t offset(const Input& in) {
  return static_cast<std::uint32_t>(in.current() - in.begin());
}

template <typename Rule>
struct NodeHooks : peg::normal<Rule> {
  template <typename Input>
  static void start(const Input& in, Collector& collector) {
    collector.open(offset(in));
  }
  template <typename Input>
  static void success(const Input& in, Collector& collector) {
    collector.close(node_kind<Rule>, offset(in), collapses(node_kind<Rule>));
  }
  template <typename Input>
  static void failure(const Input&, Collector& collector) {
    collector.discard();
  }
  template <typename Input>
  static void unwind(const Input&, Collector& collector) {
    collector.discard();
  }
};

struct BlankHooks : peg::normal<grammar::ws> {
  template <peg::apply_mode A, peg::rewind_mode M, template <typename...> class Action,
            template <typename...> class Control, typename Input>
  static bool match(Input& in, Collector& collector) {
    const std::uint32_t begin = offset(in);
    const bool matched = peg::match<grammar::ws, A, M, Action, Control>(in, collector);
    if (offset(in) > begin) collector.blank(begin, offset(in));
    return matched;
  }
};

template <typename Rule>
using Hooks = std::conditional_t<
    std::is_same_v<Rule, grammar::ws>, BlankHooks,
    std::conditional_t<node_kind<Rule> == NodeKind::none, peg::normal<Rule>, NodeHooks<Rule>>>;

template <typename Rule>
struct Control : Hooks<Rule> {
  template <typename Input>
  [[noreturn]] static void raise(const Input& in, Collector&) {
    static_assert(grammar::message<Rule>.text != nullptr, "a rule that must match needs a message");
    throw Failure{&grammar::message<Rule>, offset(in)};
  }
};

// The stack of the process ends between 3,000 and 10,000 parentheses. The rules share one counter: a
// parenthesis counts as a negation, a unary and a primary, so these are 200 parentheses or 600 `not`. The
// tree's walkers rely on it too.
template <typename Rule>
struct Action : peg::nothing<Rule> {};
template <>
struct Action<grammar::primary> : peg::limit_depth<600> {};
template <>
struct Action<grammar::unary> : peg::limit_depth<600> {};
template <>
struct Action<grammar::negation> : peg::limit_depth<600> {};
template <>
struct Action<grammar::type_raw> : peg::limit_depth<200> {};
template <>
struct Action<grammar::effect> : peg::limit_depth<200> {};
template <>
struct Action<grammar::test_value_raw> : peg::limit_depth<200> {};

}  // namespace

std::unique_ptr<File> parse(const source::File& file, diagnostic::Sink& sink) {
  if (!guard(file, sink)) {
    auto refused = std::make_unique<File>();
    refused->complete = false;
    return refused;
  }
  peg::memory_input<peg::tracking_mode::lazy> in(file.text().data(), file.text().size(), "");
  Collector collector(file, sink);
  if (!peg::parse<grammar::file, Action, Control>(in, collector)) std::abort();  // every clause recovers
  return build(collector.take(), collector.complete(), file, sink);
}

std::size_t Collector::recover(std::size_t mark, std::size_t begin) {
  nodes_.erase(nodes_.begin() + static_cast<std::ptrdiff_t>(mark), nodes_.end());
  complete_ = false;
  try {
    throw;
  } catch (const Failure& failure) {
    report(failure);
  } catch (const peg::parse_error& error) {  // of limit_depth
    report({nullptr, static_cast<std::uint32_t>(error.positions().front().byte)});
  }
  if (errors_ > most_errors) return file_.text().size() - begin;
  return skip_clause(file_.text(), static_cast<std::uint32_t>(begin));
}

void Collector::report(const Failure& failure) {
  // A block that is open at the end is no news after an error inside it.
  const bool open_at_end =
      failure.offset == file_.text().size() && failure.message != nullptr && failure.message->at_previous;
  if (open_at_end && errors_ > 0) return;
  if (errors_++ < most_errors) return sink_.report(explain(failure, file_, blank_));
  sink_.report(too_many({failure.offset, failure.offset}, most_errors));
}

}  // namespace backfill::syntax
