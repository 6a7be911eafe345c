// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/builder.h"

namespace backfill::syntax {

Scope Builder::scope(const Node& node) {
  Scope result{{}, node.span};
  for (const Node& child : node.children) {
    Children children(child);
    ScopeEntry entry;
    entry.span = child.span;
    if (child.kind == NodeKind::exclude) entry.kind = ScopeKind::Exclude;
    if (child.kind == NodeKind::review) entry.kind = ScopeKind::Review;
    if (child.kind != NodeKind::scope_where) entry.name = name(children.next());
    entry.condition = expression(children.next());
    if (const Node* unknown = children.take(NodeKind::unknown))
      entry.unknown_as = unknown->children.at(0).kind == NodeKind::true_;
    if (const Node* because = children.take(NodeKind::because))
      entry.because = prose(because->children.at(0));
    result.entries.push_back(std::move(entry));
  }
  return result;
}

// Takes an `amount` or a `sample_amount`: a percentage, `N rows`, or `all`.
Amount Builder::amount(const Node& node) {
  Amount result;
  result.span = node.span;
  const Node& what = node.children.at(0);
  if (what.kind == NodeKind::amount_all) return result;
  result.kind = what.kind == NodeKind::percentage ? AmountKind::Percent : AmountKind::Rows;
  result.number = literal(result.kind == AmountKind::Percent ? what : what.children.at(0));
  return result;
}

Stage Builder::stage(const Node& node) {
  Stage result;
  result.span = node.span;
  for (const Node& child : node.children) {
    switch (child.kind) {
      case NodeKind::name:
        result.name = name(child);
        break;
      case NodeKind::sample:
        result.selection = SelectionKind::Sample;
        result.sample = amount(child.children.at(0));
        if (const Node* seed = child.find(NodeKind::seed)) result.seed = literal(seed->children.at(0));
        break;
      case NodeKind::stage_where:
        result.selection = SelectionKind::Where;
        result.where = expression(child.children.at(0));
        break;
      case NodeKind::stage_keys:
        result.selection = SelectionKind::Keys;
        for (const Node& key : child.children) result.keys.push_back(expressions(key));
        break;
      default:
        result.gates.push_back(gate(child));
    }
  }
  return result;
}

Gate Builder::gate(const Node& node) {
  Gate result;
  result.span = node.span;
  switch (node.kind) {
    case NodeKind::approval:
      result.kind = GateKind::Approval;
      result.who = prose(node.children.at(0));
      break;
    case NodeKind::soak:
      result.kind = GateKind::Soak;
      result.duration = literal(node.children.at(0));
      break;
    case NodeKind::metric_gate:
      result.kind = GateKind::Metric;
      result.metric = name(node.children.at(0));
      result.op = comparison_operator(node.children.at(1));
      result.limit = right_operand(node.children.at(2));
      break;
    default:
      break;
  }
  return result;
}

PaceRule Builder::pace_rule(const Node& node) {
  PaceRule result;
  result.span = node.span;
  switch (node.kind) {
    case NodeKind::batch:
      result.from = literal(node.children.at(0));
      if (const Node* to = node.find(NodeKind::to_count)) result.to = literal(to->children.at(0));
      if (const Node* aim = node.find(NodeKind::aim)) result.duration = literal(aim->children.at(0));
      break;
    case NodeKind::pause:
      result.kind = PaceKind::Pause;
      result.duration = literal(node.children.at(0));
      break;
    case NodeKind::at_most: {
      result.kind = PaceKind::AtMost;
      result.from = literal(node.children.at(0));
      const Node& unit = node.children.at(1);
      const std::int64_t seconds = text(unit) == "second" ? 1 : text(unit) == "minute" ? 60 : 3600;
      result.duration = Literal{LiteralKind::Duration, unit.span, std::string(text(unit))};
      result.duration->duration.microseconds = seconds * 1'000'000;
      break;
    }
    case NodeKind::hold:
      result.kind = PaceKind::Hold;
      result.condition = expression(node.children.at(0));
      if (const Node* unreadable = node.find(NodeKind::unreadable)) {
        const std::string_view word = text(unreadable->children.at(0));
        result.unreadable = word == "hold"   ? Unreadable::Hold
                            : word == "stop" ? Unreadable::Stop
                                             : Unreadable::Proceed;
      }
      break;
    case NodeKind::stop:
      result.kind = PaceKind::Stop;
      result.condition = expression(node.children.at(0));
      break;
    case NodeKind::between:
      result.kind = PaceKind::Between;
      result.between_from = text(node.children.at(0));
      result.between_to = text(node.children.at(1));
      result.zone.span = node.children.at(2).span;
      result.zone.text = node.children.at(2).kind == NodeKind::zone_prose
                             ? unquote(text(node.children.at(2).children.at(0)))
                             : "UTC";
      break;
    default:
      result.kind = PaceKind::Workers;
      result.from = literal(node.children.at(0));
  }
  return result;
}

Verify Builder::verify(const Node& node) {
  Verify result;
  result.span = node.span;
  for (const Node& child : node.children) {
    if (child.kind == NodeKind::sample_plan)
      for (const Node& part : child.children) result.samples.push_back(amount(part));
    if (child.kind == NodeKind::metric) result.metrics.push_back(metric(child));
    if (child.kind == NodeKind::verify_expect)
      result.expects.push_back({expression(child.children.at(0)), child.span});
  }
  return result;
}

Metric Builder::metric(const Node& node) {
  Metric result;
  result.span = node.span;
  result.name = name(node.children.at(0));
  result.value = expression(node.children.at(1));
  const Node& expected = node.children.at(2);
  if (expected.kind == NodeKind::expect_rise) result.expectation = ExpectationKind::Rise;
  if (expected.kind == NodeKind::expect_fall) result.expectation = ExpectationKind::Fall;
  if (const Node* within = expected.find(NodeKind::within)) result.within = literal(within->children.at(0));
  if (expected.kind != NodeKind::expect_compare) return result;
  result.expectation = ExpectationKind::Compare;
  result.op = comparison_operator(expected.children.at(0));
  result.limit = right_operand(expected.children.at(1));
  return result;
}

Rollback Builder::rollback(const Node& node) {
  Rollback result;
  result.span = node.span;
  for (const Node& child : node.children) {
    if (child.kind == NodeKind::capture) {
      const bool values = child.find(NodeKind::prior_values) != nullptr;
      result.capture = values ? CaptureKind::PriorValues : CaptureKind::Nothing;
      result.capture_span = child.span;
      if (const Node* keep = child.find(NodeKind::keep)) result.keep = literal(keep->children.at(0));
    }
    if (child.kind == NodeKind::restore) {
      const bool rows = child.find(NodeKind::unchanged_rows) != nullptr;
      result.restore = rows ? RestoreKind::RowsUnchangedSince : RestoreKind::Nothing;
      result.restore_span = child.span;
    }
  }
  return result;
}

Impact Builder::impact(const Node& node) {
  Impact result;
  result.span = node.span;
  for (const Node& child : node.children) {
    Prose first = prose(child.children.at(0));
    if (child.kind == NodeKind::visible) result.visible.push_back(std::move(first));
    if (child.kind == NodeKind::decision_bearing) result.decision_bearing.push_back(std::move(first));
    if (child.kind == NodeKind::tell)
      result.tells.push_back({std::move(first), prose(child.children.at(1)), child.span});
  }
  return result;
}

}  // namespace backfill::syntax
