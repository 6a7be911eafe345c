// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/check.h"

#include <fmt/format.h>
#include <map>

#include "compiler/check/target.h"

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

// Order matters: the scope's proofs hold in the derivations; tests need to know every input.
void check_backfill(Context& context) {
  check_unsupported(context);
  check_key(context);
  check_definitions(context);
  check_scope(context);
  check_derivations(context);
  build_class_code(context);
  check_rollout(context);
  check_proportion(context);
  check_tests(context);
}

}  // namespace

std::vector<ir::Backfill> check(const syntax::File& file, const schema::Catalog& catalog,
                                diagnostic::Sink& sink) {
  std::vector<ir::Backfill> backfills;
  bool file_is_to_be_reported = true;
  check_names(file, sink);
  for (const syntax::Backfill& spec : file.backfills) {
    ir::Backfill out{.name = spec.name.text, .intent = intent_of(spec), .span = spec.span};
    if (spec.about) out.about = spec.about->text;
    if (spec.owner) out.owner = spec.owner->text;
    if (!find_table(spec, catalog, sink, out)) continue;
    Context context(file, spec, catalog, sink, out);
    context.reports_file = std::exchange(file_is_to_be_reported, false);
    check_backfill(context);
    backfills.push_back(std::move(out));
  }
  return backfills;
}

}  // namespace backfill::check
