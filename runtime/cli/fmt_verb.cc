// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include <fstream>
#include <iostream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "compiler/syntax/format.h"
#include "compiler/syntax/parse.h"
#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/program.h"
#include "runtime/cli/verbs.h"

namespace backfill::cli {

namespace {

enum class State { Same, Different, DoesNotParse };

struct Formatted {
  State state = State::Same;
  std::string text;
};

Formatted formatted(const source::File& file) {
  diagnostic::Sink sink(file);
  const auto tree = syntax::parse(file, sink);
  if (!tree->complete || sink.has_errors()) {
    print_diagnostics(sink);
    return {State::DoesNotParse, std::string(file.text())};
  }
  std::string text = syntax::format(*tree, file);
  return {text == file.text() ? State::Same : State::Different, std::move(text)};
}

Result<void> write(const std::string& path, const std::string& text) {
  std::ofstream out(path, std::ios::binary | std::ios::trunc);
  out << text;
  out.flush();
  if (!out) return fatal(fmt::format("cannot write {}", path));
  return {};
}

int from_stdin(bool check_only) {
  std::string text{std::istreambuf_iterator<char>(std::cin), {}};
  const source::File file("(stdin)", std::move(text));
  const Formatted result = formatted(file);
  if (!check_only) fmt::print("{}", result.text);
  return result.state == State::Same || (result.state == State::Different && !check_only) ? kDone : kWrong;
}

std::string_view word(State state, bool check_only) {
  switch (state) {
    case State::Same:
      return "unchanged";
    case State::Different:
      return check_only ? "differs" : "formatted";
    case State::DoesNotParse:
      return "does not parse";
  }
  return "";
}

}  // namespace

int fmt_verb(Command& command, Arguments arguments) {
  std::vector<std::string> specs;
  bool check_only = false;
  command.teach(
      "Puts each SPEC into the one canonical layout, in place; comments stay. Formatting twice changes "
      "nothing. A file\n"
      "that does not parse is left as it is. `-` reads stdin and writes stdout.");
  command.positionals("SPEC", specs, "files to format, or -", true);
  command.flag("--check", check_only, "writes nothing; ends with 1 if a file is not formatted");
  command.example("backfill fmt specs/*.backfill", "formats in place");
  command.example("backfill fmt --check specs/*.backfill", "as CI does");
  if (const auto exit = command.parse(arguments)) return *exit;
  if (specs == std::vector<std::string>{"-"}) return from_stdin(check_only);
  int exit = kDone;
  Json files = Json::array();
  for (const std::string& spec : specs) {
    const Result<source::File> file = source::read_file(spec);
    if (!file) return command.wrong(file.failure().message, file.failure().way_out);
    const Formatted result = formatted(*file);
    if (result.state == State::DoesNotParse || (result.state == State::Different && check_only))
      exit = kWrong;
    if (result.state == State::Different && !check_only) {
      const Result<void> written = write(spec, result.text);
      if (!written) return command.failed(written.failure());
    }
    files.push_back({{"file", spec}, {"state", word(result.state, check_only)}});
    if (result.state != State::Same) fmt::print(stderr, "{}: {}\n", spec, word(result.state, check_only));
  }
  if (command.json()) print_json(Json{{"files", files}});
  return exit;
}

}  // namespace backfill::cli
