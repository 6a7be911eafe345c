// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/check.h"

#include <fmt/format.h>
#include <algorithm>
#include <map>
#include <set>

#include "compiler/check/lint.h"
#include "compiler/check/source_file.h"
#include "compiler/check/target.h"
#include "stdlib/bug.h"

namespace backfill::check {

namespace {

ir::Intent intent_of(const syntax::Backfill& spec) {
  if (!spec.intent) return ir::Intent::Fill;
  switch (spec.intent->kind) {
    case syntax::IntentKind::Fill:
      return ir::Intent::Fill;
    case syntax::IntentKind::Recompute:
      return ir::Intent::Recompute;
    case syntax::IntentKind::Amend:
      return ir::Intent::Amend;
    case syntax::IntentKind::Reinterpret:
      return ir::Intent::Reinterpret;
  }
  return ir::Intent::Fill;
}

void check_names(const syntax::File& file, diagnostic::Sink& sink) {
  std::map<std::string_view, Span> known;
  for (const syntax::Backfill& spec : file.backfills) {
    const auto [first, added] = known.emplace(spec.name.text, spec.name.span);
    if (added) continue;
    Diagnostic diagnostic{.code = Code::DuplicateName, .span = spec.name.span};
    diagnostic.message = fmt::format("two backfills are called `{}`", spec.name.text);
    diagnostic.labels.push_back({first->second, "the first one"});
    diagnostic.help = "runs are recorded by this name: choose another one";
    sink.report(std::move(diagnostic));
  }
}

std::int64_t errors_of(const diagnostic::Sink& sink) {
  const std::vector<Diagnostic> all = sink.sorted();
  return std::ranges::count_if(all, [](const Diagnostic& one) { return diagnostic::row(one.code).is_error; });
}

// Order matters: the scope's proofs hold in the derivations; tests need to know every input.
void check_backfill(Context& context) {
  check_sources(context);
  check_key(context);
  check_definitions(context);
  check_scope(context);
  check_effects(context);
  check_own_table(context);
  build_class_code(context);
  check_cascades(context);
  check_rollout(context);
  check_externs(context);
  check_requirements(context);
  check_proportion(context);
  index_sources(context);
  check_tests(context);
}

// What could not be checked is left out of the program: then something must have been reported.
bool is_whole(const ir::Backfill& out, const syntax::Backfill& spec) {
  std::set<int> columns;  // several paths of one are one output
  each_derive(spec,
              [&](const syntax::Effect& effect) { columns.insert(out.table->find(effect.target.text)); });
  const auto merges = [](const syntax::Effect& effect) { return effect.kind == syntax::EffectKind::Merge; };
  const bool derived = out.row.outputs.size() == columns.size() || std::ranges::any_of(spec.effects, merges);
  const auto is_error = [](const ir::Expr* expr) { return expr->type.kind == stdlib::Kind::Error; };
  return derived && (out.row.where == nullptr || !is_error(out.row.where)) &&
         std::ranges::none_of(out.row.rules, is_error, &ir::Rule::condition) &&
         std::ranges::none_of(out.row.outputs, is_error, &ir::Output::final) &&
         std::ranges::none_of(out.row.values, is_error) &&
         std::ranges::none_of(out.row.stage_conditions, is_error);
}

}  // namespace

std::vector<ir::Backfill> check(const syntax::File& file, const schema::Catalog& catalog,
                                diagnostic::Sink& sink) {
  std::vector<ir::Backfill> backfills;
  bool file_is_to_be_reported = true;
  check_names(file, sink);
  for (const syntax::Backfill& spec : file.backfills) {
    // `tables (a, b)` is a backfill of each, in order; what is wrong in the first one is said once.
    const std::size_t tables = spec.target ? std::max<std::size_t>(1, spec.target->tables.size()) : 1;
    const std::int64_t errors = errors_of(sink);
    std::set<const schema::Table*> known;
    for (std::size_t k = 0; k < tables && (k == 0 || errors_of(sink) == errors); ++k) {
      ir::Backfill out{.name = spec.name.text, .intent = intent_of(spec), .span = spec.span};
      if (spec.about) out.about = spec.about->text;
      if (spec.owner) out.owner = spec.owner->text;
      if (!find_table(spec, k, catalog, sink, out)) continue;
      if (!known.insert(out.table).second) {
        Diagnostic diagnostic{.code = Code::DuplicateName, .span = spec.target->tables[k].span};
        diagnostic.message = fmt::format("`{}` stands twice", out.table->qualified_name());
        diagnostic.help = "leave one of them out";
        sink.report(std::move(diagnostic));
        break;
      }
      Context context(file, spec, catalog, sink, out);
      context.reports_file = std::exchange(file_is_to_be_reported, false);
      check_backfill(context);
      BACKFILL_CHECK(sink.has_errors() || is_whole(out, spec), "a part of the spec was dropped in silence");
      backfills.push_back(std::move(out));
    }
  }
  return backfills;
}

}  // namespace backfill::check
