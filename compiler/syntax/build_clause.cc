// SPDX-License-Identifier: Apache-2.0
// The file, and the clauses of a backfill that are neither effects nor blocks.
#include <fmt/format.h>

#include "compiler/syntax/builder.h"

namespace backfill::syntax {

template <typename T>
void Builder::only_once(std::optional<T>& slot, T value, const Node& node) {
  if (!slot.has_value()) {
    slot = std::move(value);
    return;
  }
  const std::string_view written = text(node);
  report({.code = diagnostic::Code::DuplicateClause,
          .span = node.span,
          .message = fmt::format("`{}` stands twice in this backfill",
                                 written.substr(0, written.find_first_of(" \t\n{")))});
}

void Builder::file(const Node& node, File& out) {
  for (const Node& child : node.children) {
    switch (child.kind) {
      case NodeKind::backfill:
        out.backfills.push_back(backfill(child));
        break;
      case NodeKind::use:
        out.uses.push_back(use(child));
        break;
      case NodeKind::function:
      case NodeKind::extern_function:
        out.functions.push_back(function(child));
        break;
      case NodeKind::param:
        out.params.push_back(param(child));
        break;
      case NodeKind::source:
        out.sources.push_back(source_file(child));
        break;
      default:
        break;
    }
  }
}

Use Builder::use(const Node& node) {
  const Node& what = node.children.at(0);
  if (what.kind == NodeKind::prose) return {{}, prose(what), node.span};
  return {qualified(what), std::nullopt, node.span};
}

Function Builder::function(const Node& node) {
  Function result;
  result.span = node.span;
  result.is_extern = node.kind == NodeKind::extern_function;
  Children children(node);
  result.is_effect = children.take(NodeKind::extern_effect) != nullptr;
  result.name = name(children.next());
  while (const Node* parameter = children.take(NodeKind::parameter))
    result.parameters.push_back({name(parameter->children.at(0)), type(parameter->children.at(1))});
  result.result = type(children.next());
  if (children.more()) result.body = expression(children.next());
  return result;
}

Param Builder::param(const Node& node) {
  Param result{name(node.children.at(0)), type(node.children.at(1)), nullptr, node.span};
  if (const Node* initial = node.find(NodeKind::param_initial))
    result.initial = expression(initial->children.at(0));
  return result;
}

SourceFile Builder::source_file(const Node& node) {
  Children children(node);
  SourceFile result;
  result.span = node.span;
  result.name = name(children.next());
  result.path = prose(children.next());
  while (const Node* field = children.take(NodeKind::source_field))
    result.fields.push_back({name(field->children.at(0)), type(field->children.at(1)),
                             field->find(NodeKind::field_key) != nullptr});
  return result;
}

std::vector<Name> Builder::key(const Node& node) {
  const Node& what = node.children.at(0);
  if (what.kind == NodeKind::names) return names(what);
  std::vector<Name> one;
  one.push_back(name(what));
  return one;
}

Target Builder::target(const Node& node) {
  if (node.kind == NodeKind::documents) return documents(node);
  Target result;
  result.span = node.span;
  result.kind = node.kind == NodeKind::tables ? TargetKind::Tables : TargetKind::Table;
  Children children(node);
  while (const Node* table = children.take(NodeKind::qualified_name))
    result.tables.push_back(qualified(*table));
  if (const Node* columns = children.take(NodeKind::key)) result.key = key(*columns);
  return result;
}

Target Builder::documents(const Node& node) {
  Children children(node);
  Target result;
  result.kind = TargetKind::Documents;
  result.span = node.span;
  result.tables.push_back(qualified(children.next()));
  result.key = key(children.next());
  result.store = name(children.next().children.at(0));
  result.pattern = prose(children.next());
  if (children.more()) result.schema = prose(children.next().children.at(0));
  return result;
}

Intent Builder::intent(const Node& node) {
  Intent result;
  result.span = node.span;
  const std::string_view word = text(node.children.at(0));
  if (word == "recompute") result.kind = IntentKind::Recompute;
  if (word == "amend") result.kind = IntentKind::Amend;
  if (word == "reinterpret") result.kind = IntentKind::Reinterpret;
  if (const Node* by = node.find(NodeKind::approved)) result.approved_by = prose(by->children.at(0));
  return result;
}

Lookup Builder::lookup(const Node& node) {
  Children children(node);
  Lookup result;
  result.span = node.span;
  result.name = name(children.next());
  if (const Node* kind = children.take(NodeKind::lookup_kind))
    result.kind = text(*kind).starts_with("first") ? LookupKind::First : LookupKind::Only;
  const Node& range = children.next();
  result.query.variable = name(range.children.at(0));
  result.query.table = qualified(range.children.at(1));
  result.query.span = {range.span.begin, node.span.end};
  query_rest(result.query, children);
  return result;
}

// `when` behind a lookup guards it, unless it turns out to be the outcome that follows.
void Builder::guarded_lookup(const Node& node, Backfill& out) {
  Lookup result = lookup(node.children.at(0));
  if (const Node* when = node.find(NodeKind::when)) {
    Effect carrier;
    guarded(*when, carrier, out.effects);
    if (carrier.when) result.span.end = node.span.end;
    result.guard = std::move(carrier.when);
  }
  out.lookups.push_back(std::move(result));
}

Backfill Builder::backfill(const Node& node) {
  Backfill result;
  result.span = node.span;
  Children children(node);
  result.name = name(children.next());
  while (children.more()) clause(children.next(), result);
  return result;
}

void Builder::clause(const Node& node, Backfill& out) {
  if (!declaration(node, out) && !block(node, out)) effect(node, out.effects);
}

bool Builder::declaration(const Node& node, Backfill& out) {
  switch (node.kind) {
    case NodeKind::about:
      only_once(out.about, prose(node.children.at(0)), node);
      return true;
    case NodeKind::owner:
      only_once(out.owner, prose(node.children.at(0)), node);
      return true;
    case NodeKind::intent:
      only_once(out.intent, intent(node), node);
      return true;
    case NodeKind::table:
    case NodeKind::tables:
    case NodeKind::documents:
      only_once(out.target, target(node), node);
      return true;
    case NodeKind::expect_about:
      only_once(out.about_rows, literal(node.children.at(0)), node);
      return true;
    case NodeKind::param:
      out.params.push_back(param(node));
      return true;
    case NodeKind::source:
      out.sources.push_back(source_file(node));
      return true;
    case NodeKind::function:
    case NodeKind::extern_function:
      out.functions.push_back(function(node));
      return true;
    case NodeKind::guarded_lookup:
      guarded_lookup(node, out);
      return true;
    case NodeKind::let:
      out.lets.push_back({name(node.children.at(0)), expression(node.children.at(1)), node.span});
      return true;
    case NodeKind::requires_:
      out.requirements.push_back({expression(node.children.at(0)), node.span});
      return true;
    case NodeKind::after:
      for (const Node& child : node.children) out.after.push_back(name(child));
      return true;
    default:
      return false;
  }
}

bool Builder::block(const Node& node, Backfill& out) {
  switch (node.kind) {
    case NodeKind::scope:
      only_once(out.scope, scope(node), node);
      return true;
    case NodeKind::stages: {
      Stages stages{{}, node.span};
      for (const Node& child : node.children) stages.stages.push_back(stage(child));
      only_once(out.stages, std::move(stages), node);
      return true;
    }
    case NodeKind::pace: {
      Pace pace{{}, node.span};
      for (const Node& child : node.children) pace.rules.push_back(pace_rule(child));
      only_once(out.pace, std::move(pace), node);
      return true;
    }
    case NodeKind::verify:
      only_once(out.verify, verify(node), node);
      return true;
    case NodeKind::rollback:
      only_once(out.rollback, rollback(node), node);
      return true;
    case NodeKind::impact:
      only_once(out.impact, impact(node), node);
      return true;
    case NodeKind::test:
      out.tests.push_back(test(node));
      return true;
    default:
      return false;
  }
}

}  // namespace backfill::syntax
