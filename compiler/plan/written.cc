// SPDX-License-Identifier: Apache-2.0
#include "compiler/plan/written.h"

#include "compiler/syntax/parse.h"

namespace backfill::plan {

namespace {

// On one line: the condition stands in a table cell or a sentence.
std::string one_line(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const char shown = c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
    if (shown == ' ' && !out.empty() && out.back() == ' ') continue;
    out += shown;
  }
  return out;
}

const syntax::Backfill* find(const syntax::File& tree, const std::string& name) {
  for (const syntax::Backfill& spec : tree.backfills) {
    if (spec.name.text == name) return &spec;
  }
  return nullptr;
}

}  // namespace

Written written(const source::File& file, const ir::Backfill& backfill) {
  Written out;
  diagnostic::Sink sink(file);
  const auto tree = syntax::parse(file, sink);
  const syntax::Backfill* spec = find(*tree, backfill.name);
  if (spec == nullptr) return out;
  if (spec->scope) {
    for (const syntax::ScopeEntry& entry : spec->scope->entries) {
      auto& list = entry.kind == syntax::ScopeKind::Where ? out.where : out.rules;
      list.push_back(one_line(file.text(entry.condition->span)));
    }
  }
  if (spec->stages) {
    for (const syntax::Stage& stage : spec->stages->stages) {
      if (stage.where) out.stage_conditions.push_back(one_line(file.text(stage.where->span)));
    }
  }
  for (const syntax::Let& let : spec->lets) {
    out.definitions.push_back({let.name.text, one_line(file.text(let.value->span))});
  }
  return out;
}

std::string at_margin(const source::File& file, source::Span span) {
  const source::Span line = file.line_at(span.begin);
  const std::string_view text = file.text(span);
  std::size_t indent = 0;
  const std::string_view first = file.text(line);
  while (indent < first.size() && first[indent] == ' ') ++indent;
  std::string out;
  for (std::size_t at = 0; at < text.size(); ++at) {
    out += text[at];
    if (text[at] != '\n') continue;
    for (std::size_t k = 0; k < indent && at + 1 < text.size() && text[at + 1] == ' '; ++k) ++at;
  }
  return out;
}

}  // namespace backfill::plan
