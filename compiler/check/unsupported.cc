// SPDX-License-Identifier: Apache-2.0
#include "compiler/check/target.h"

namespace backfill::check {

namespace {

std::string_view effect_name(syntax::EffectKind kind) {
  switch (kind) {
    case syntax::EffectKind::Derive:
    case syntax::EffectKind::DeleteRow:
    case syntax::EffectKind::Insert:
    case syntax::EffectKind::Ensure:
    case syntax::EffectKind::When:
    case syntax::EffectKind::Otherwise:
    case syntax::EffectKind::For:
    case syntax::EffectKind::Update:
    case syntax::EffectKind::DeleteOthers:
    case syntax::EffectKind::Merge:
    case syntax::EffectKind::Repoint:
      break;
  }
  return "";
}

void check_clauses_of_the_file(Context& context) {
  const syntax::File& file = context.file();
  for (const syntax::SourceFile& source : file.sources) context.not_supported_yet(source.span, "`source`");
}

void check_effects_of(Context& context, const std::vector<syntax::Effect>& effects) {
  for (const syntax::Effect& effect : effects) {
    const std::string_view name = effect_name(effect.kind);
    if (!name.empty()) {
      context.not_supported_yet(effect.span, name);
    } else {
      check_effects_of(context, effect.effects);
    }
  }
}

}  // namespace

void check_unsupported(Context& context) {
  const syntax::Backfill& spec = context.spec();
  if (context.reports_file) check_clauses_of_the_file(context);
  for (const syntax::SourceFile& source : spec.sources) context.not_supported_yet(source.span, "`source`");
  check_effects_of(context, spec.effects);
}

}  // namespace backfill::check
