// SPDX-License-Identifier: Apache-2.0
#include "runtime/execute/plan_identity.h"

#include <fmt/format.h>
#include <algorithm>

#include "stdlib/native_bytes.h"
#include "stdlib/zone.h"

namespace backfill::execute {

namespace {

// The first half of SHA-256: an approval of one plan must not stand for another that somebody has made to
// fit.
std::string digest(std::string_view text) {
  stdlib::Arena arena;
  stdlib::Context context;
  context.arena = &arena;
  const auto hash =
      stdlib::native_bytes::sha256(context, {text.data(), static_cast<std::int64_t>(text.size())});
  std::string digits;
  for (int i = 0; i < 16; ++i) digits += fmt::format("{:02x}", static_cast<unsigned char>(hash.data[i]));
  return digits;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    lines.push_back(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  }
  return lines;
}

std::string missing_from(std::string_view text, std::string_view other, std::string_view verb) {
  const auto others = lines_of(other);
  std::string out;
  for (const std::string_view line : lines_of(text)) {
    if (std::find(others.begin(), others.end(), line) == others.end())
      out += fmt::format("{} {}; ", verb, line);
  }
  return out;
}

}  // namespace

std::string plan_hash(std::string_view spec, const schema::Table& table, std::string_view compiler_version,
                      std::string_view sources) {
  return digest(fmt::format("{}\n{}\n{}{}", spec, schema::fingerprint(table), compiler_version, sources));
}

std::string zone_data(const ir::Backfill& backfill) {
  const bool reads = std::ranges::any_of(*backfill.arena, [](const ir::Expr& expr) {
    return expr.function != nullptr &&
           std::ranges::any_of(expr.function->parameters,
                               [](const stdlib::Parameter& each) { return each.name == "zone"; });
  });
  return reads ? stdlib::zone_data_version() : "";
}

std::string stages_fingerprint(const ir::Backfill& backfill) {
  std::string text;
  for (const ir::Stage& stage : backfill.stages) {
    text += fmt::format("{}|{}|{}|{:a}|{}|", stage.name, kind_name(stage.kind), stage.rows, stage.fraction,
                        stage.seed);
    if (stage.condition >= 0) {
      text += ir::dump(*backfill.row.stage_conditions[static_cast<std::size_t>(stage.condition)], backfill);
    }
    for (const auto& key : stage.keys) {
      for (std::size_t i = 0; i < key.size(); ++i) {
        const auto column = static_cast<std::size_t>(backfill.key[i]);
        text += stdlib::literal(key[i], backfill.table->columns[column].type) + ",";
      }
    }
    text += "|" + gate_text(stage.gates) + "\n";
  }
  return digest(text);
}

std::string schema_text(const schema::Table& table) {
  std::string text;
  for (const schema::Column& column : table.columns) {
    text += fmt::format("column {} {}{}{}\n", column.name, stdlib::to_string(column.type),
                        column.not_null ? " not null" : "", column.generated ? " generated" : "");
  }
  for (const schema::Key& key : table.keys) {
    text += key.primary ? "primary key (" : "unique key (";
    for (const int column : key.columns) text += table.columns[static_cast<std::size_t>(column)].name + " ";
    text += ")\n";
  }
  return text;
}

std::string schema_changes(std::string_view before, std::string_view after) {
  std::string changes = missing_from(before, after, "was") + missing_from(after, before, "is now");
  if (changes.size() >= 2) changes.resize(changes.size() - 2);
  return changes;
}

std::string_view kind_name(ir::StageKind kind) {
  switch (kind) {
    case ir::StageKind::SampleRows:
      return "sample rows";
    case ir::StageKind::SamplePercent:
      return "sample percent";
    case ir::StageKind::Where:
      return "where";
    case ir::StageKind::Keys:
      return "keys";
    case ir::StageKind::Rest:
      return "rest";
  }
  return "";
}

std::string gate_text(const std::vector<ir::Gate>& gates) {
  std::string text;
  for (const ir::Gate& gate : gates) {
    if (!text.empty()) text += ", ";
    text += gate.kind == ir::GateKind::Verified ? "verified" : fmt::format("approval by \"{}\"", gate.who);
  }
  return text;
}

std::string approval_by(const std::vector<ir::Gate>& gates) {
  for (const ir::Gate& gate : gates) {
    if (gate.kind == ir::GateKind::Approval) return gate.who;
  }
  return {};
}

}  // namespace backfill::execute
