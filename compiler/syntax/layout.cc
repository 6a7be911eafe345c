// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/layout.h"

#include <algorithm>

namespace backfill::syntax {
namespace {

enum Group {
  Header,
  Lets,
  Derives,
  ScopeLines,
  StageLines,
  PaceLines,
  Metrics,
  ImpactLines,
  TestLines,
  FirstCase
};

class Planner {
 public:
  explicit Planner(const source::File& file) : file_(file) {
    plan_.tokens = scan(file.text());
    plan_.begins_line.resize(plan_.tokens.size());
    plan_.is_block.resize(plan_.tokens.size());
    find_parents();
  }

  Layout plan(const File& tree) {
    if (!plan_.tokens.empty()) plan_.begins_line[0] = true;
    for (const Use& use : tree.uses) line(use.span);
    for (const Function& function : tree.functions) line(function.span);
    for (const Param& param : tree.params) line(param.span);
    for (const SourceFile& source : tree.sources) line(source.span);
    for (const Backfill& backfill : tree.backfills) this->backfill(backfill);
    cases();
    return std::move(plan_);
  }

 private:
  [[nodiscard]] std::string_view text(std::size_t token) const {
    return file_.text(plan_.tokens[token].span);
  }
  [[nodiscard]] bool is_sign(std::size_t token, std::string_view sign) const {
    return plan_.tokens[token].kind == TokenKind::Sign && text(token) == sign;
  }

  // The first token at or after an offset that is no comment.
  [[nodiscard]] std::size_t token_at(std::uint32_t offset) const {
    const auto found =
        std::lower_bound(plan_.tokens.begin(), plan_.tokens.end(), offset,
                         [](const Token& token, std::uint32_t at) { return token.span.begin < at; });
    return skip_comments(static_cast<std::size_t>(found - plan_.tokens.begin()));
  }
  [[nodiscard]] std::size_t skip_comments(std::size_t token) const {
    while (token < plan_.tokens.size() && plan_.tokens[token].kind == TokenKind::Comment) ++token;
    return token;
  }
  [[nodiscard]] std::size_t after(std::size_t token) const { return skip_comments(token + 1); }
  [[nodiscard]] std::size_t before(std::size_t token) const {
    do --token;
    while (token > 0 && plan_.tokens[token].kind == TokenKind::Comment);
    return token;
  }

  void find_parents() {
    std::vector<std::size_t> open;
    for (std::size_t i = 0; i < plan_.tokens.size(); ++i) {
      const bool closes = is_sign(i, ")") || is_sign(i, "]") || is_sign(i, "}");
      if (closes && !open.empty()) open.pop_back();
      plan_.parent.push_back(open.empty() ? Layout::none : open.back());
      if (is_sign(i, "(") || is_sign(i, "[") || is_sign(i, "{")) open.push_back(i);
    }
  }

  void line(Span span) { begin_line(token_at(span.begin)); }
  void begin_line(std::size_t token) {
    if (token >= plan_.tokens.size()) return;
    plan_.begins_line[token] = true;
    if (plan_.parent[token] != Layout::none) plan_.is_block[plan_.parent[token]] = true;
  }
  // The brace that ends a clause stands on a line of its own.
  void closing(Span span) {
    const std::size_t last = before(token_at(span.end));
    if (last < plan_.tokens.size() && is_sign(last, "}")) plan_.begins_line[last] = true;
  }

  // A row of a group; `cells` are tokens, numbered as columns.
  void row(int group, Span span, std::vector<std::pair<int, std::size_t>> cells) {
    line(span);
    plan_.rows.push_back({group, token_at(span.begin), before(token_at(span.end)), std::move(cells)});
  }
  // The token after the first `words` of a clause.
  [[nodiscard]] std::size_t cell(Span span, int words) const {
    std::size_t token = token_at(span.begin);
    while (words-- > 0) token = after(token);
    return token;
  }

  void backfill(const Backfill& b) {
    line(b.span);
    closing(b.span);
    if (b.about) heading(b.about->span);
    if (b.owner) heading(b.owner->span);
    if (b.intent) row(Header, b.intent->span, {{1, cell(b.intent->span, 1)}});
    if (b.target) line(b.target->span);
    for (const Param& param : b.params) line(param.span);
    for (const SourceFile& source : b.sources) line(source.span);
    for (const Function& function : b.functions) line(function.span);
    for (const Lookup& lookup : b.lookups) line(lookup.span);
    for (const Let& let : b.lets) row(Lets, let.span, {{1, cell(let.span, 2)}});
    for (const Condition& condition : b.requirements) line(condition.span);
    if (b.about_rows) begin_line(before(before(token_at(b.about_rows->span.begin))));
    for (const Name& name : b.after)
      if (text(before(token_at(name.span.begin))) == "after") begin_line(before(token_at(name.span.begin)));
    effects(b.effects);
    blocks(b);
    for (const Test& test : b.tests) this->test(test);
  }

  // The prose of `about` and `owner`, without the word in front.
  void heading(Span prose) {
    const std::size_t value = token_at(prose.begin);
    const Span whole{plan_.tokens[before(value)].span.begin, prose.end};
    row(Header, whole, {{1, value}});
  }

  void effects(const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
      if (effect.kind == EffectKind::Derive)
        derive(effect);
      else
        line(effect.span);
      const bool has_body = effect.kind == EffectKind::When || effect.kind == EffectKind::Otherwise;
      if (has_body && file_.text(effect.span).find('\n') != std::string_view::npos) {
        closing(effect.span);
        this->effects(effect.effects);
      }
    }
  }

  void derive(const Effect& effect) {
    std::size_t equals = token_at(effect.span.begin);
    while (!is_sign(equals, "=")) equals = after(equals);
    row(Derives, effect.span, {{1, equals}});
  }

  void blocks(const Backfill& b) {
    if (b.scope) scope(*b.scope);
    if (b.stages) block(b.stages->span);
    if (b.stages)
      for (const Stage& stage : b.stages->stages) this->stage(stage);
    if (b.pace) block(b.pace->span);
    if (b.pace)
      for (const PaceRule& rule : b.pace->rules)
        row(PaceLines, rule.span, {{1, cell(rule.span, head_words(rule.kind))}});
    if (b.verify) verify(*b.verify);
    if (b.rollback) rollback(*b.rollback);
    if (b.impact) impact(*b.impact);
  }

  void block(Span span) {
    line(span);
    closing(span);
  }

  void scope(const Scope& scope) {
    block(scope.span);
    for (const ScopeEntry& entry : scope.entries) {
      std::vector<std::pair<int, std::size_t>> cells{{1, cell(entry.span, 1)}};
      if (entry.kind != ScopeKind::Where) cells.emplace_back(2, cell(entry.span, 2));
      if (entry.because) cells.emplace_back(3, before(token_at(entry.because->span.begin)));
      row(ScopeLines, entry.span, std::move(cells));
    }
  }

  void stage(const Stage& stage) {
    std::vector<std::pair<int, std::size_t>> cells;
    if (stage.selection != SelectionKind::Rest) cells.emplace_back(1, cell(stage.span, 1));
    if (!stage.gates.empty()) cells.emplace_back(2, before(token_at(stage.gates.front().span.begin)));
    row(StageLines, stage.span, std::move(cells));
  }

  static int head_words(PaceKind kind) {
    return kind == PaceKind::AtMost || kind == PaceKind::Hold || kind == PaceKind::Stop ? 2 : 1;
  }

  void verify(const Verify& verify) {
    block(verify.span);
    for (const Amount& amount : verify.samples)
      if (text(before(token_at(amount.span.begin))) == "sample")
        begin_line(before(token_at(amount.span.begin)));
    for (const Metric& metric : verify.metrics)
      row(Metrics, metric.span, {{1, cell(metric.span, 2)}, {2, token_at(metric.value->span.end)}});
    for (const Condition& condition : verify.expects) line(condition.span);
  }

  void rollback(const Rollback& rollback) {
    block(rollback.span);
    if (rollback.capture) line(rollback.capture_span);
    if (rollback.restore) line(rollback.restore_span);
  }

  void impact(const Impact& impact) {
    block(impact.span);
    for (const Prose& prose : impact.visible) impact_line(prose.span);
    for (const Prose& prose : impact.decision_bearing) impact_line(prose.span);
    for (const Tell& tell : impact.tells) row(ImpactLines, tell.span, {{1, token_at(tell.what.span.begin)}});
  }
  void impact_line(Span prose) {
    const std::size_t value = token_at(prose.begin);
    row(ImpactLines, {plan_.tokens[before(value)].span.begin, prose.end}, {{1, value}});
  }

  void test(const Test& test) {
    block(test.span);
    for (const TestRows& rows : test.given) test_line(rows.span);
    for (const TestRows& rows : test.with) word_before(rows.span);
    for (const TestSetting& setting : test.settings) word_before(setting.span);
    for (const TestExpect& expect : test.expects) row(TestLines, expect.span, {{1, cell(expect.span, 1)}});
  }
  void test_line(Span rows) { word_before(rows); }
  // `given` and `with` stand in front of what the tree keeps.
  void word_before(Span span) {
    const std::size_t value = token_at(span.begin);
    row(TestLines, {plan_.tokens[before(value)].span.begin, span.end}, {{1, value}});
  }

  // A case that was written over several lines has one arm on each.
  void cases() {
    for (std::size_t i = 0; i < plan_.tokens.size(); ++i) {
      const bool is_case =
          plan_.tokens[i].kind == TokenKind::Name && text(i) == "case" && (i == 0 || !is_sign(i - 1, "."));
      if (is_case) this->arms(i);
    }
  }

  void arms(std::size_t word) {
    std::size_t open = after(word);
    while (open < plan_.tokens.size() && !(is_sign(open, "{") && plan_.parent[open] == plan_.parent[word]))
      open = after(open);
    if (open >= plan_.tokens.size()) return;
    std::size_t close = open + 1;
    while (close < plan_.tokens.size() && !(is_sign(close, "}") && plan_.parent[close] == plan_.parent[open]))
      ++close;
    if (close >= plan_.tokens.size()) return;
    const Span inside{plan_.tokens[open].span.end, plan_.tokens[close].span.begin};
    if (file_.text(inside).find('\n') == std::string_view::npos) return;
    plan_.begins_line[close] = true;
    const int group = FirstCase + static_cast<int>(open);
    for (std::size_t i = open; i < close; ++i) {
      if (i != open && !(is_sign(i, ",") && plan_.parent[i] == open)) continue;
      if (const std::size_t first = after(i); first < close) arm(group, open, first, close);
    }
  }

  void arm(int group, std::size_t open, std::size_t first, std::size_t close) {
    begin_line(first);
    Row row{group, first, first, {}};
    for (std::size_t i = first; i < close && !(is_sign(i, ",") && plan_.parent[i] == open); i = after(i)) {
      if (is_sign(i, "->") && plan_.parent[i] == open) row.cells.emplace_back(1, i);
      row.last = i;
    }
    plan_.rows.push_back(std::move(row));
  }

  const source::File& file_;
  Layout plan_;
};

}  // namespace

Layout lay_out(const File& tree, const source::File& file) {
  return Planner(file).plan(tree);
}

}  // namespace backfill::syntax
