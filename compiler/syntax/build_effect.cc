// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/builder.h"

namespace backfill::syntax {
namespace {

Effect begin(EffectKind kind, Span span) {
  Effect effect;
  effect.kind = kind;
  effect.span = span;
  return effect;
}

std::string single_spaces(std::string_view written) {
  std::string words;
  for (const char c : written) {
    const bool blank = c == ' ' || c == '\t';
    if (blank && !words.empty() && words.back() == ' ') continue;
    words += blank ? ' ' : c;
  }
  return words;
}

}  // namespace

void Builder::effect(const Node& node, std::vector<Effect>& out) {
  std::vector<Effect> after;  // an outcome that this effect's `when` turned out to be
  switch (node.kind) {
    case NodeKind::derive:
      out.push_back(derive(node, after));
      break;
    case NodeKind::insert:
      out.push_back(insert(node, after));
      break;
    case NodeKind::ensure:
      out.push_back(ensure(node, after));
      break;
    case NodeKind::update:
      out.push_back(others(EffectKind::Update, node));
      break;
    case NodeKind::delete_others:
      out.push_back(others(EffectKind::DeleteOthers, node));
      break;
    case NodeKind::delete_row: {
      Effect row = begin(EffectKind::DeleteRow, node.span);
      if (const Node* when = node.find(NodeKind::when)) guarded(*when, row, after);
      out.push_back(std::move(row));
      break;
    }
    case NodeKind::merge:
      out.push_back(merge(node));
      break;
    case NodeKind::repoint:
      out.push_back(repoint(node));
      break;
    case NodeKind::for_:
      out.push_back(for_each(node, after));
      break;
    case NodeKind::outcome:
      out.push_back(outcome(node.children.at(1), expression(node.children.at(0)), node.span));
      break;
    case NodeKind::otherwise:
      out.push_back(outcome(node.children.at(0), nullptr, node.span));
      break;
    default:
      break;
  }
  for (Effect& effect : after) out.push_back(std::move(effect));
}

// `when c` guards; `when c as name { ... }` is an effect of its own, and the guarded one ends before it.
void Builder::guarded(const Node& when, Effect& guarded, std::vector<Effect>& out) {
  ExprPtr condition = expression(when.children.at(0));
  const Node* body = when.find(NodeKind::outcome_of);
  if (body == nullptr) {
    guarded.when = std::move(condition);
    return;
  }
  const std::string_view before = file_.text().substr(0, when.span.begin);
  guarded.span.end = static_cast<std::uint32_t>(before.find_last_not_of(" \t\r\n") + 1);
  out.push_back(outcome(*body, std::move(condition), when.span));
}

Effect Builder::outcome(const Node& node, ExprPtr condition, Span span) {
  Effect result = begin(condition ? EffectKind::When : EffectKind::Otherwise, span);
  result.when = std::move(condition);
  Children children(node);
  result.name = name(children.next());
  while (children.more()) effect(children.next(), result.effects);
  return result;
}

ExprPtr Builder::path_item(const Node& node) {
  return literal_expression(node.children.at(0));
}

Effect Builder::derive(const Node& node, std::vector<Effect>& after) {
  Effect result = begin(EffectKind::Derive, node.span);
  Children children(node);
  result.target = name(children.next());
  while (const Node* item = children.take(NodeKind::path)) result.path.push_back(path_item(*item));
  result.value = expression(children.next());
  while (children.more()) {
    const Node& next = children.next();
    if (next.kind == NodeKind::only_if_missing) result.only_if_missing = true;
    if (next.kind == NodeKind::once) result.once = true;
    if (next.kind == NodeKind::when) guarded(next, result, after);
  }
  return result;
}

RowValues Builder::row_values(const Node& node) {
  RowValues result;
  result.span = node.span;
  for (const Node& child : node.children) {
    if (child.kind == NodeKind::all_of_row) {
      result.all_of_row = true;
      if (const Node* except = child.find(NodeKind::except)) result.except = names(*except);
      continue;
    }
    result.assignments.push_back({name(child.children.at(0)), expression(child.children.at(1)), child.span});
  }
  return result;
}

OnConflict Builder::on_conflict(const Node& node) {
  OnConflict result;
  result.span = node.span;
  if (const Node* columns = node.find(NodeKind::names)) result.columns = names(*columns);
  if (node.find(NodeKind::do_nothing) != nullptr) result.action = ConflictAction::DoNothing;
  if (node.find(NodeKind::drop) != nullptr) result.action = ConflictAction::Drop;
  if (const Node* update = node.find(NodeKind::update_conflict)) {
    result.action = ConflictAction::Update;
    result.update = row_values(update->children.at(0));
  }
  return result;
}

Effect Builder::insert(const Node& node, std::vector<Effect>& after) {
  Effect result = begin(EffectKind::Insert, node.span);
  Children children(node);
  if (const Node* row = children.take(NodeKind::row_name)) result.name = name(row->children.at(0));
  result.table = qualified(children.next());
  result.values = row_values(children.next());
  while (children.more()) {
    const Node& next = children.next();
    if (next.kind == NodeKind::unless) result.unless = expression(next.children.at(0));
    if (next.kind == NodeKind::on_conflict) result.on_conflict = on_conflict(next);
    if (next.kind == NodeKind::always) result.always = true;
    if (next.kind == NodeKind::when) guarded(next, result, after);
  }
  return result;
}

Effect Builder::ensure(const Node& node, std::vector<Effect>& after) {
  Effect result = begin(EffectKind::Ensure, node.span);
  Children children(node);
  result.name = name(children.next());
  result.table = qualified(children.next());
  result.by = names(children.next());
  result.values = row_values(children.next());
  if (children.more()) guarded(children.next(), result, after);
  return result;
}

Effect Builder::others(EffectKind kind, const Node& node) {
  Effect result = begin(kind, node.span);
  Children children(node);
  const Node& range = children.next();
  result.query.span = range.span;
  result.query.variable = name(range.children.at(0));
  result.query.table = qualified(range.children.at(1));
  query_rest(result.query, children);
  if (result.query.where) result.query.span.end = result.query.where->span.end;
  if (children.more()) result.values = row_values(children.next());
  return result;
}

Effect Builder::merge(const Node& node) {
  Effect result = begin(EffectKind::Merge, node.span);
  Children children(node);
  result.partition = expressions(children.next());
  result.order = order(children.next());
  while (const Node* rule = children.take(NodeKind::merge_rule)) {
    const Node& policy = rule->children.at(1);
    result.merge_rules.push_back(
        {name(rule->children.at(0)), single_spaces(text(policy)), policy.span, rule->span});
  }
  return result;
}

Effect Builder::repoint(const Node& node) {
  Effect result = begin(EffectKind::Repoint, node.span);
  result.table = qualified(node.children.at(0));
  result.target = std::move(result.table.parts.back());
  result.table.parts.pop_back();
  result.table.span.end = result.table.parts.back().span.end;
  if (const Node* conflict = node.find(NodeKind::repoint_conflict))
    result.on_conflict = on_conflict(*conflict);
  return result;
}

Effect Builder::for_each(const Node& node, std::vector<Effect>& after) {
  Effect result = begin(EffectKind::For, node.span);
  result.name = name(node.children.at(0));
  result.value = expression(node.children.at(1));
  result.effects.push_back(insert(node.children.at(2), after));
  if (!after.empty()) result.span.end = result.effects.back().span.end;
  return result;
}

}  // namespace backfill::syntax
