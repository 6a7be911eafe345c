// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/extern_programs.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <cstdio>
#include <map>
#include <set>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/connection.h"

namespace backfill::cli {

std::optional<std::vector<std::string>> words_of(const std::string& command) {
  std::vector<std::string> words;
  bool inside = false;  // of a word
  char quote = 0;
  for (const char c : command) {
    if (quote == 0 && (c == ' ' || c == '\t')) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    if (quote == 0 && (c == '\'' || c == '"'))
      quote = c;
    else if (c == quote)
      quote = 0;
    else
      words.back() += c;
  }
  if (quote != 0) return std::nullopt;
  return words;
}

namespace {

using Entries = std::map<std::string, ask::Settings>;

// "500 ms", "5 s", "2 minutes".
std::optional<std::int64_t> milliseconds(const std::string& text) {
  double amount = 0;
  int used = 0;
  if (std::sscanf(text.c_str(), "%lf %n", &amount, &used) != 1) return std::nullopt;
  const std::string unit = text.substr(static_cast<std::size_t>(used));
  const double factor = unit == "ms"                            ? 1
                        : unit == "s"                           ? 1000
                        : unit == "minute" || unit == "minutes" ? 60'000
                                                                : 0;
  constexpr double kMost = 24 * 3600 * 1000.0;
  if (factor == 0 || !(amount * factor >= 1) || amount * factor > kMost) return std::nullopt;
  return static_cast<std::int64_t>(amount * factor);
}

std::optional<std::vector<std::string>> command_of(const toml::table& entry) {
  if (const auto text = entry["command"].value<std::string>()) return words_of(*text);
  const toml::array* const array = entry["command"].as_array();
  if (array == nullptr) return std::nullopt;
  std::vector<std::string> words;
  for (const toml::node& node : *array) {
    const auto word = node.value<std::string>();
    if (!word) return std::nullopt;
    words.push_back(*word);
  }
  return words;
}

Result<ask::Settings> from_entry(const toml::table& entry, const std::string& name,
                                 const std::filesystem::path& file) {
  const auto wrong = [&](std::string_view what, std::string_view form) {
    return fatal(fmt::format("[extern.{}] in {} {}", name, file.string(), what),
                 fmt::format("write {}", form));
  };
  for (const auto& [key, value] : entry) {
    const std::set<std::string_view> known{"command", "timeout", "retries", "rate"};
    if (!known.contains(key.str()))
      return wrong(fmt::format("has a `{}`, which says nothing", key.str()),
                   "`command`, `timeout`, `retries`, `rate`");
  }
  ask::Settings settings{.name = name, .folder = file.parent_path().string()};
  const auto command = command_of(entry);
  if (!command || command->empty()) return wrong("has no command", "command = [\"python3\", \"program.py\"]");
  settings.command = *command;
  if (entry.contains("timeout")) {
    const auto timeout = milliseconds(entry["timeout"].value_or(std::string()));
    if (!timeout) return wrong("has a timeout that is none", "timeout = \"5 s\", up to a day");
    settings.timeout_ms = *timeout;
  }
  if (entry.contains("retries")) {
    settings.retries = entry["retries"].value_or(std::int64_t{-1});
    if (settings.retries < 0 || settings.retries > 100)
      return wrong("has retries that are none", "retries = 2, at most 100");
  }
  if (entry.contains("rate")) {
    settings.rate = entry["rate"].value_or(0.0);
    if (!(settings.rate > 0)) return wrong("has a rate that is none", "rate = 100, requests per second");
  }
  return settings;
}

Result<Entries> from_settings(const std::string& near) {
  const std::filesystem::path file = settings_file(near);
  Entries entries;
  if (file.empty()) return entries;
  try {
    const toml::table all = toml::parse_file(file.string());
    const toml::table* const externs = all["extern"].as_table();
    if (externs == nullptr) return entries;
    for (const auto& [key, value] : *externs) {
      const toml::table* const entry = value.as_table();
      const std::string name(key.str());
      if (entry == nullptr)
        return fatal(fmt::format("`extern.{}` in {} is no table", name, file.string()),
                     fmt::format("write [extern.{}] and its command", name));
      BACKFILL_ASSIGN(entries[name], from_entry(*entry, name, file));
    }
    return entries;
  } catch (const toml::parse_error& error) {
    return fatal(fmt::format("cannot read {}: line {}: {}", file.string(), error.source().begin.line,
                             error.description()));
  }
}

std::set<std::string> functions_of(const std::vector<ir::Backfill>& backfills) {
  std::set<std::string> names;
  for (const ir::Backfill& backfill : backfills)
    for (const std::size_t query : ir::externs_read(backfill)) names.insert(backfill.row.queries[query].name);
  return names;
}

Result<void> add_given(const std::vector<std::string>& given, const std::set<std::string>& functions,
                       Entries& entries) {
  for (const std::string& one : given) {
    const std::size_t equals = one.find('=');
    const std::string name = one.substr(0, equals);
    const auto words = equals == std::string::npos ? std::nullopt : words_of(one.substr(equals + 1));
    if (!words || words->empty())
      return fatal(fmt::format("--extern {} names no program", one),
                   fmt::format("write --extern {}='python3 program.py'", name));
    if (!functions.contains(name)) {
      const std::string near = diagnostic::nearest(name, {functions.begin(), functions.end()});
      return fatal(fmt::format("the spec asks no extern function `{}`", name),
                   near.empty() ? "leave it out" : fmt::format("did you mean `{}`?", near));
    }
    // What the file says of its limits stands.
    ask::Settings& settings = entries.try_emplace(name, ask::Settings{.name = name}).first->second;
    settings.command = *words;
    settings.folder.clear();
  }
  return {};
}

}  // namespace

void ExternFlag::declare(Command& command) {
  command.options("--extern", given, "NAME=COMMAND",
                  "the program that answers an `extern fn` (or [extern.NAME] in backfill.toml)");
}

std::optional<int> ExternFlag::open(const Command& command, const std::vector<ir::Backfill>& backfills,
                                    const std::string& near, const std::atomic<bool>* interrupt,
                                    ask::Programs& out) const {
  const std::set<std::string> functions = functions_of(backfills);
  if (functions.empty() && given.empty()) return std::nullopt;
  auto entries = from_settings(near);
  if (!entries) return command.wrong(entries.failure().message, entries.failure().way_out);
  if (const auto added = add_given(given, functions, *entries); !added)
    return command.wrong(added.failure().message, added.failure().way_out);
  for (const std::string& name : functions) {
    const auto found = entries->find(name);
    if (found == entries->end())
      return command.wrong(
          fmt::format("nothing answers the extern function `{}`", name),
          fmt::format(
              "name its program: --extern {0}='python3 program.py', or in backfill.toml: [extern.{0}] "
              "and command = [\"python3\", \"program.py\"]",
              name));
    found->second.tell = [name](const std::string& line) { fmt::print(stderr, "{}: {}\n", name, line); };
    out.add(found->second, interrupt);
  }
  return std::nullopt;
}

}  // namespace backfill::cli
