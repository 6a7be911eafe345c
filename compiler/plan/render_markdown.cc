// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "compiler/plan/plan.h"
#include "compiler/plan/words.h"

namespace backfill::plan {

namespace {

// A table cell: a bar would end it, a backslash keeps it.
std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

class Markdown {
 public:
  explicit Markdown(const Plan& plan) : plan_(plan) {}

  std::string text() {
    what();
    which_rows();
    which_not();
    others();
    become();
    order();
    sentences("How fast", plan_.pace);
    database();
    known();
    sentences("How we go back", plan_.rollback);
    notices();
    mind();
    identity();
    return std::move(out_);
  }

 private:
  template <typename... T>
  void line(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<T>(values)...);
    out_ += '\n';
  }
  void section(std::string_view title) { line("\n## {}\n", title); }
  void sentences(std::string_view title, const std::vector<std::string>& list) {
    section(title);
    for (const std::string& one : list) line("- {}", one);
  }

  void what() {
    line("# Rollout plan: {}\n", plan_.name);
    if (!plan_.about.empty()) line("{}\n", plan_.about);
    line("- Table `{}`, rows found by `{}`", plan_.table, fmt::join(plan_.key, "`, `"));
    if (!plan_.owner.empty()) line("- Owner: {}", plan_.owner);
    line("- Intent `{}`: {}", plan_.intent, plan_.intent_means);
  }

  void which_rows() {
    section("Which rows");
    if (plan_.where.empty()) {
      line("Every row of `{}` that is not left alone below.", plan_.table);
    } else {
      line("Rows of `{}` for which this holds, and that are not left alone below:\n", plan_.table);
      line("```");
      for (const std::string& where : plan_.where) line("{}", where);
      line("```");
    }
    if (!plan_.survey) return;
    line("\n**{} candidate{}** of {} rows, counted by a scan of the whole table.",
         number(plan_.survey->candidates), plan_.survey->candidates == 1 ? "" : "s",
         number(plan_.survey->rows));
  }

  void which_not() {
    section("Which rows not");
    if (plan_.left_alone.empty()) return line("None: every row is a candidate.");
    const bool counted = plan_.survey.has_value();
    line("| class | when | because |{}", counted ? " rows |" : "");
    line("| --- | --- | --- |{}", counted ? " ---: |" : "");
    for (const LeftAlone& one : plan_.left_alone) {
      const std::string rows = counted ? fmt::format(" {} |", one.rows ? number(*one.rows) : "-") : "";
      line("| {} | {} | {} |{}", one.name, cell(one.when), cell(one.because), rows);
    }
  }

  void others() {
    if (plan_.other_rows.empty()) return;
    section("What is looked up");
    line("| as written | gives | found by |");
    line("| --- | --- | --- |");
    for (const OtherRows& one : plan_.other_rows)
      line("| `{}` | {} | {}{}{} |", cell(one.text), one.gives, one.warning ? "**" : "", cell(one.found_by),
           one.warning ? "**" : "");
  }

  void become() {
    section("What they become");
    if (!plan_.definitions.empty()) {
      line("```");
      for (const Definition& let : plan_.definitions) line("let {} = {}", let.name, let.text);
      line("```\n");
    }
    for (const Derivation& one : plan_.derivations) {
      line("**`{}`** ({}), {}:\n", one.column, one.type, one.applies);
      line("```\n{}\n```\n", one.text);
      line("- reads {}", one.reads.empty() ? "no column" : quoted_list(one.reads));
      line("- verified {}\n", one.verified);
    }
    for (const Effect& one : plan_.effects) {
      line("**`{}`**, {}:\n", one.name, one.applies);
      line("```\n{}\n```\n", one.text);
      line("- {}", one.undone);
      line("- verified {}\n", one.verified);
    }
    out_.pop_back();
  }

  void order() {
    section("In which order");
    for (const std::string& name : plan_.runs_after) line("After `{}` has finished and is verified.\n", name);
    if (!plan_.requirements.empty()) {
      line("Before the first write, and before each stage, this must hold:\n");
      line("```");
      for (const std::string& one : plan_.requirements) line("{}", one);
      line("```\n");
    }
    const bool counted = plan_.survey.has_value();
    line("| | stage | takes | before the next stage |{}", counted ? " candidates |" : "");
    line("| ---: | --- | --- | --- |{}", counted ? " ---: |" : "");
    for (std::size_t k = 0; k < plan_.stages.size(); ++k) {
      const Stage& stage = plan_.stages[k];
      const std::string gates = stage.gates.empty() ? (k + 1 < plan_.stages.size() ? "nothing" : "")
                                                    : fmt::format("{}", fmt::join(stage.gates, "; "));
      const std::string rows =
          counted ? fmt::format(" {} |", stage.candidates ? number(*stage.candidates) : "-") : "";
      line("| {} | {} | {} | {} |{}", k + 1, stage.name, cell(stage.takes), cell(gates), rows);
    }
    if (!counted) return;
    line("\n{} chunk{} of at most {} rows of the table, in the order of the key.",
         number(plan_.survey->chunks), plan_.survey->chunks == 1 ? "" : "s",
         number(plan_.survey->chunk_rows));
  }

  void database() {
    if (plan_.database.empty() && plan_.missing.empty()) return;
    section("What it does to the database");
    for (const std::string& missing : plan_.missing) line("- **missing**: {}", missing);
    for (const DatabaseFact& fact : plan_.database)
      line("- {}{}{}: {}", fact.warning ? "**" : "", fact.name, fact.warning ? "**" : "", cell(fact.text));
  }

  void known() {
    sentences("How we know", plan_.verify);
    line("- The spec has {} test{} of single rows (`backfill test`).", plan_.tests,
         plan_.tests == 1 ? "" : "s");
    line(
        "- Rows of the table = candidates + left alone, and candidates = changed + unchanged + quarantined + "
        "conflicts: checked before, between and after the stages.");
  }

  void notices() {
    section("Who notices");
    if (plan_.visible.empty() && plan_.decision_bearing.empty() && plan_.tell.empty())
      return line("The spec says nothing of it.");
    if (!plan_.visible.empty()) line("- Visible in: {}", plan_.visible);
    if (!plan_.decision_bearing.empty())
      line("- **Decisions rest on this data**: {}", plan_.decision_bearing);
    for (const auto& [who, text] : plan_.tell) line("- Tell {}: {}", who, text);
  }

  void mind() {
    if (plan_.warnings.empty()) return;
    sentences("Mind", plan_.warnings);
  }

  void identity() {
    section("Identity");
    line("- scope and derivations `{}`", plan_.fingerprint);
    line("- schema of `{}` ({}) `{}`", plan_.table, plan_.dialect, plan_.schema_fingerprint);
    if (!plan_.hash.empty()) line("- plan `{}`: approvals are bound to it", plan_.hash);
  }

  const Plan& plan_;
  std::string out_;
};

}  // namespace

std::string render_markdown(const Plan& plan) {
  return Markdown(plan).text();
}

}  // namespace backfill::plan
