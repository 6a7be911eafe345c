// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/builder.h"

namespace backfill::syntax {

Test Builder::test(const Node& node) {
  Test result;
  result.span = node.span;
  Children children(node);
  result.name = prose(children.next());
  while (children.more()) {
    const Node& line = children.next();
    if (line.kind == NodeKind::given) result.given.push_back(test_rows(line.children.at(0)));
    if (line.kind == NodeKind::with_rows) result.with.push_back(test_rows(line));
    if (line.kind == NodeKind::setting)
      result.settings.push_back({name(line.children.at(0)), expression(line.children.at(1)), line.span});
    if (line.kind == NodeKind::test_expect) result.expects.push_back(test_expect(line));
  }
  return result;
}

// Takes `table_rows` or `with_rows`: perhaps a table, then rows.
TestRows Builder::test_rows(const Node& node) {
  TestRows result;
  result.span = node.span;
  Children children(node);
  if (const Node* table = children.take(NodeKind::rows_table))
    result.table = qualified(table->children.at(0));
  while (children.more()) result.rows.push_back(test_row(children.next()));
  return result;
}

TestRow Builder::test_row(const Node& node) {
  TestRow result;
  result.span = node.span;
  for (const Node& field : node.children) result.fields.push_back(test_field(field));
  return result;
}

TestField Builder::test_field(const Node& node) {
  const Node& key = node.children.at(0).children.at(0);
  TestField result;
  result.name = key.kind == NodeKind::text_raw ? Name{unquote(text(key)), key.span, true} : name(key);
  result.value = test_value(node.children.at(1));
  return result;
}

TestValue Builder::test_value(const Node& node) {
  TestValue result;
  result.span = node.span;
  if (node.kind == NodeKind::value_leaf) {
    result.expression = expression(node.children.at(0));
  } else if (node.kind == NodeKind::value_list) {
    result.kind = TestValueKind::List;
    for (const Node& item : node.children) result.items.push_back(test_value(item));
  } else {
    result.kind = TestValueKind::Object;
    for (const Node& field : node.children) result.fields.push_back(test_field(field));
  }
  return result;
}

TestExpect Builder::test_expect(const Node& node) {
  const Node& answer = node.children.at(0);
  TestExpect result;
  result.span = node.span;
  switch (answer.kind) {
    case NodeKind::answer_rows:
      result.rows = test_rows(answer.children.at(0));
      break;
    case NodeKind::answer_excluded:
      result.kind = ExpectKind::Excluded;
      break;
    case NodeKind::answer_review:
      result.kind = ExpectKind::Review;
      break;
    case NodeKind::answer_uncertain:
      result.kind = ExpectKind::Uncertain;
      break;
    case NodeKind::answer_out:
      result.kind = ExpectKind::OutOfScope;
      break;
    case NodeKind::answer_unchanged:
      result.kind = ExpectKind::Unchanged;
      break;
    case NodeKind::answer_quarantined:
      result.kind = ExpectKind::Quarantined;
      break;
    case NodeKind::answer_deleted:
      result.kind = ExpectKind::Deleted;
      break;
    default:
      result.kind = ExpectKind::Outcome;
  }
  if (const Node* named = answer.find(NodeKind::name)) result.name = name(*named);
  if (const Node* reason = answer.find(NodeKind::prose)) result.reason = prose(*reason);
  return result;
}

}  // namespace backfill::syntax
