// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "compiler/plan/plan.h"

namespace backfill::plan {

namespace {

using Json = nlohmann::ordered_json;

Json count(const std::optional<std::int64_t>& rows) {
  return rows ? Json(*rows) : Json(nullptr);
}

Json left_alone(const Plan& plan) {
  Json out = Json::array();
  for (const LeftAlone& one : plan.left_alone)
    out.push_back(
        {{"class", one.name}, {"when", one.when}, {"because", one.because}, {"rows", count(one.rows)}});
  return out;
}

Json other_rows(const Plan& plan) {
  Json out = Json::array();
  for (const OtherRows& one : plan.other_rows)
    out.push_back({{"text", one.text},
                   {"table", one.table},
                   {"gives", one.gives},
                   {"found_by", one.found_by},
                   {"warning", one.warning}});
  return out;
}

Json derivations(const Plan& plan) {
  Json out = Json::array();
  for (const Derivation& one : plan.derivations) {
    out.push_back({{"column", one.column},
                   {"type", one.type},
                   {"derive", one.text},
                   {"reads", one.reads},
                   {"applies", one.applies},
                   {"verified", one.verified}});
  }
  return out;
}

Json effects(const Plan& plan) {
  Json out = Json::array();
  for (const Effect& one : plan.effects)
    out.push_back({{"name", one.name},
                   {"effect", one.text},
                   {"applies", one.applies},
                   {"undone", one.undone},
                   {"verified", one.verified}});
  return out;
}

Json stages(const Plan& plan) {
  Json out = Json::array();
  for (const Stage& one : plan.stages) {
    out.push_back({{"name", one.name},
                   {"takes", one.takes},
                   {"gates", one.gates},
                   {"candidates", count(one.candidates)}});
  }
  return out;
}

Json impact(const Plan& plan) {
  Json tell = Json::array();
  for (const auto& [who, what] : plan.tell) tell.push_back({{"who", who}, {"what", what}});
  return {{"visible", plan.visible}, {"decision_bearing", plan.decision_bearing}, {"tell", tell}};
}

Json survey(const Plan& plan) {
  if (!plan.survey) return nullptr;
  return {{"rows", plan.survey->rows},
          {"candidates", plan.survey->candidates},
          {"chunks", plan.survey->chunks},
          {"scan_seconds", plan.survey->scan_seconds}};
}

Json database(const Plan& plan) {
  Json facts = Json::array();
  for (const DatabaseFact& fact : plan.database)
    facts.push_back({{"name", fact.name}, {"text", fact.text}, {"warning", fact.warning}});
  return facts;
}

}  // namespace

std::string render_json(const Plan& plan) {
  Json lets = Json::array();
  for (const Definition& let : plan.definitions) lets.push_back({{"name", let.name}, {"text", let.text}});
  const Json out = {{"name", plan.name},
                    {"about", plan.about},
                    {"owner", plan.owner},
                    {"table", plan.table},
                    {"key", plan.key},
                    {"intent", plan.intent},
                    {"where", plan.where},
                    {"left_alone", left_alone(plan)},
                    {"lets", lets},
                    {"other_rows", other_rows(plan)},
                    {"derivations", derivations(plan)},
                    {"effects", effects(plan)},
                    {"requires", plan.requirements},
                    {"after", plan.runs_after},
                    {"stages", stages(plan)},
                    {"pace", plan.pace},
                    {"verify", plan.verify},
                    {"rollback", plan.rollback},
                    {"impact", impact(plan)},
                    {"warnings", plan.warnings},
                    {"tests", plan.tests},
                    {"survey", survey(plan)},
                    {"database", database(plan)},
                    {"missing_privileges", plan.missing},
                    {"dialect", plan.dialect},
                    {"fingerprint", plan.fingerprint},
                    {"schema_fingerprint", plan.schema_fingerprint},
                    {"plan_hash", plan.hash}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace);
}

}  // namespace backfill::plan
