// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

constexpr std::string_view kWrite = "write a spec";
constexpr std::string_view kReview = "review what it would do";
constexpr std::string_view kRun = "run it";
constexpr std::string_view kKnow = "know that it is right, or go back";
constexpr std::string_view kLearn = "learn the language";

constexpr Verb kVerbs[] = {
    {"init", kWrite, "write a first spec for a table", init},
    {"check", kWrite, "parse and type-check specs", check},
    {"fmt", kWrite, "put specs into the canonical layout", fmt_verb},
    {"test", kWrite, "run the tests that stand in specs", test},
    {"schema", kWrite, "write a database's tables to a file for `check`", schema},
    {"lsp", kWrite, "language server for editors (not in this version)", lsp},
    {"plan", kReview, "the rollout plan, for code review", plan},
    {"sql", kReview, "the generated SQL", sql},
    {"dry-run", kReview, "what would change, row by row; writes nothing", dry_run},
    {"run", kRun, "run a backfill, or go on where it stopped", run},
    {"runs", kRun, "list what has run", runs},
    {"status", kRun, "how far a run is, and what it waits for", status},
    {"watch", kRun, "follow a run until it ends", watch},
    {"pause", kRun, "ask a run to pause after its batch", pause},
    {"resume", kRun, "let a paused run go on", resume},
    {"stop", kRun, "ask a run to end after its batch, for good", stop},
    {"approve", kRun, "give the approval that a stage waits for", approve},
    {"verify", kKnow, "compare what is stored with what is derived", verify},
    {"triage", kKnow, "each mismatch with its cause and what to do", triage},
    {"history", kKnow, "what was changed: before, after, when, by which run", history},
    {"rollback", kKnow, "put prior values back", rollback},
    {"functions", kLearn, "the functions and operators of the language", functions},
    {"explain", kLearn, "what a diagnostic code means, with an example", explain},
};

}  // namespace

std::span<const Verb> verbs() {
  return kVerbs;
}

}  // namespace backfill::cli
