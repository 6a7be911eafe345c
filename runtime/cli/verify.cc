// SPDX-License-Identifier: Apache-2.0
// verify and triage: the same comparison, printed for two questions.
#include "runtime/execute/verify.h"

#include <fmt/format.h>

#include <charconv>
#include <map>
#include <nlohmann/json.hpp>

#include "runtime/cli/job.h"
#include "runtime/cli/json.h"
#include "runtime/cli/print.h"
#include "runtime/cli/progress_line.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

struct Flags {
  std::optional<std::int64_t> run;
  std::string db, sample;
  bool full = false, evaluator = false, quiet = false;
};

// "1000" or "1%".
bool set_sample(const std::string& text, execute::VerifyOptions& options) {
  const bool share = text.ends_with('%');
  const std::string_view digits = std::string_view(text).substr(0, text.size() - (share ? 1 : 0));
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || number <= 0) return false;
  if (share) {
    options.extent = execute::VerifyExtent::Fraction;
    options.fraction = number / 100;
    return number <= 100;
  }
  options.extent = execute::VerifyExtent::Rows;
  options.rows = static_cast<std::int64_t>(number);
  return options.rows >= 1 && static_cast<double>(options.rows) == number;
}

void declare(Command& command, Flags& flags) {
  command.positional("RUN", flags.run, "its number (the newest)");
  command.option("--db", flags.db, "URL", "the database (or BACKFILL_DB, or an entry of backfill.toml)");
  command.option("--sample", flags.sample, "N|N%", "so many rows, in place of what the spec says");
  command.flag("--full", flags.full, "all rows");
  command.flag("--evaluator", flags.evaluator, "by the reference evaluator even where SQL can");
  command.flag("--quiet", flags.quiet, "no progress");
}

constexpr std::size_t kTriaged = 10'000;  // values that triage puts to a cause
constexpr std::int64_t kShown = 20;       // examples per cause

void keep_examples(execute::VerifyReport& report) {
  std::map<execute::Cause, std::int64_t> kept;
  std::erase_if(report.samples,
                [&](const execute::Mismatch& sample) { return ++kept[sample.cause] > kShown; });
}

int no_longer(const Command& command, const LoadedRun& run) {
  const std::int64_t number = run.status->summary.run;
  return command.wrong(
      fmt::format("run {} cannot be computed again: {}", number, run.misfit),
      fmt::format("`backfill_correction_{0}` holds every prior and new value (`backfill history {0}`); "
                  "`backfill rollback {0}` needs no more than that and the columns that the run wrote",
                  number));
}

int compare(Command& command, Arguments arguments, Flags& flags, bool triage) {
  if (const auto exit = command.parse(arguments)) return *exit;
  execute::VerifyOptions options{.force_evaluator = flags.evaluator};
  if (triage) options.max_samples = kTriaged;
  if (flags.full) options.extent = execute::VerifyExtent::Full;
  if (flags.full && !flags.sample.empty()) return command.wrong("--full and --sample exclude each other");
  if (!flags.sample.empty() && !set_sample(flags.sample, options))
    return command.wrong(fmt::format("--sample takes a number of rows or a share, not `{}`", flags.sample),
                         "write `--sample 1000` or `--sample 1%`");
  const LoadedRun run = load_run(command, flags.db, flags.run);
  if (run.exit != kDone) return run.exit;
  if (run.backfill == nullptr) return no_longer(command, run);
  options.run = run.status->summary.run;
  ProgressLine progress(progress_style(command.json(), flags.quiet));
  auto report = execute::verify(subject_of(run.url, run.backfill, {}, &progress), options);
  progress.clear();
  if (!report) return command.failed(report.failure());
  if (triage) keep_examples(*report);
  if (command.json()) {
    print_json(to_json(*report));
  } else {
    triage ? print_triage(*report) : print_verify(*report);
  }
  return report->clean() ? kDone : kResidue;
}

}  // namespace

int verify(Command& command, Arguments arguments) {
  Flags flags;
  command.teach(
      "Compares what is stored with what the run's spec derives from the rows as they were before it, by "
      "generated SQL\n"
      "where the database can compute it, else by the reference evaluator. Comparing nothing is a failure. "
      "Ends with 4 if\n"
      "there are mismatches.");
  declare(command, flags);
  command.example("backfill verify --db sqlite:shop.db", "the newest run, in the steps that its spec says");
  command.example("backfill verify 3 --full --db sqlite:shop.db", "every row of run 3");
  return compare(command, arguments, flags, false);
}

int triage(Command& command, Arguments arguments) {
  Flags flags;
  command.teach(
      "Verifies, and puts each mismatch to its cause with what to do about it: somebody wrote the column "
      "after the run,\n"
      "the row's inputs changed after it, a candidate came later, or a bug of ours.");
  declare(command, flags);
  command.example("backfill triage 3 --full --db sqlite:shop.db",
                  "why rows of run 3 are not what they should be");
  return compare(command, arguments, flags, true);
}

}  // namespace backfill::cli
