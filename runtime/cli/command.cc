// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/command.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <nlohmann/json.hpp>

#include "compiler/diagnostic/diagnostic.h"
#include "runtime/cli/json.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

struct Command::Parser {
  CLI::App app;
};

Command::Command(std::string_view verb, std::string_view summary)
    : parser_(std::make_unique<Parser>()), verb_(verb), summary_(summary) {
  parser_->app.set_help_flag();
}

Command::~Command() = default;

void Command::flag(const std::string& name, bool& target, const std::string& doc) {
  parser_->app.add_flag(name, target);
  flags_.push_back({name, doc});
}

void Command::hidden_flag(const std::string& name, bool& target) {
  parser_->app.add_flag(name, target);
}

void Command::option(const std::string& name, std::string& target, const std::string& value,
                     const std::string& doc) {
  parser_->app.add_option(name, target);
  flags_.push_back({name + " " + value, doc});
}

void Command::options(const std::string& name, std::vector<std::string>& target, const std::string& value,
                      const std::string& doc) {
  parser_->app.add_option(name, target)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
  flags_.push_back({name + " " + value, doc});
}

void Command::number(const std::string& name, std::int64_t& target, const std::string& value,
                     const std::string& doc) {
  parser_->app.add_option(name, target);
  flags_.push_back({name + " " + value, doc});
}

void Command::choice(const std::string& name, std::string& target, const std::vector<std::string>& allowed,
                     const std::string& doc) {
  parser_->app.add_option(name, target)->check(CLI::IsMember(allowed));
  flags_.push_back({fmt::format("{} {}", name, fmt::join(allowed, "|")), doc});
}

void Command::positional(const std::string& name, std::string& target, const std::string& doc,
                         bool required) {
  parser_->app.add_option(name, target)->required(required);
  positionals_.push_back({name, doc});
  usage_ += required ? " " + name : " [" + name + "]";
}

void Command::positional(const std::string& name, std::optional<std::int64_t>& target,
                         const std::string& doc) {
  parser_->app.add_option(name, target);
  positionals_.push_back({name, doc});
  usage_ += " [" + name + "]";
}

void Command::positionals(const std::string& name, std::vector<std::string>& target, const std::string& doc,
                          bool required) {
  parser_->app.add_option(name, target)->required(required);
  positionals_.push_back({name, doc});
  usage_ += required ? " " + name + "..." : " [" + name + "...]";
}

std::optional<int> Command::parse(Arguments arguments) {
  flag("--json", json_, "one JSON document on stdout, and nothing else there");
  bool help = false;
  parser_->app.add_flag("-h,--help", help);
  std::vector<std::string> words(arguments.values, arguments.values + arguments.count);
  for (const std::string& word : words) {
    if (word == "--") break;
    if (word != "-h" && word != "--help") continue;
    show_help();
    return kDone;
  }
  std::reverse(words.begin(), words.end());
  try {
    parser_->app.parse(words);
  } catch (const CLI::ExtrasError&) {
    return unknown_flag(parser_->app.remaining().front());
  } catch (const CLI::ParseError& error) {
    return wrong(error.what(), fmt::format("`backfill {} --help` shows how", verb_));
  }
  return std::nullopt;
}

int Command::unknown_flag(const std::string& given) const {
  if (given.empty() || given[0] != '-') {
    return wrong(fmt::format("there is nothing to do with `{}`", given),
                 fmt::format("`backfill {} --help` shows what it takes", verb_));
  }
  std::vector<std::string> names{"--help"};
  for (const Shown& shown : flags_) names.push_back(shown.form.substr(0, shown.form.find(' ')));
  const std::string near = diagnostic::nearest(given.substr(0, given.find('=')), names);
  return wrong(fmt::format("`backfill {}` has no flag `{}`", verb_, given),
               near.empty() ? fmt::format("`backfill {} --help` lists them", verb_)
                            : fmt::format("did you mean `{}`?", near));
}

int Command::complain(int exit, const std::string& message, const std::string& help) const {
  const Paint paint = paint_for(stderr);
  fmt::print(stderr, "{}error:{} {}\n", paint.bad, paint.off, message);
  if (!help.empty()) fmt::print(stderr, "  {}help:{} {}\n", paint.bold, paint.off, help);
  if (json_) print_json(Json{{"error", message}, {"help", help}, {"exit", exit}});
  return exit;
}

int Command::wrong(const std::string& message, const std::string& help) const {
  return complain(kWrong, message, help);
}

int Command::failed(const Failure& failure) const {
  return complain(failure.mistake ? kWrong : kEnvironment, failure.message, failure.way_out);
}

namespace {

std::size_t width_of(const auto& shown) {
  std::size_t width = 0;
  for (const auto& one : shown) width = std::max(width, one.form.size());
  return std::min<std::size_t>(width, 26);
}

}  // namespace

void Command::show_help() const {
  const Paint paint = paint_for(stdout);
  fmt::print("{}backfill {}{}: {}\n\n", paint.bold, verb_, paint.off, summary_);
  fmt::print("usage: backfill {}{} [options]\n", verb_, usage_);
  if (!lesson_.empty()) fmt::print("\n{}\n", lesson_);
  const std::size_t width = std::max(width_of(positionals_), width_of(flags_));
  const auto list = [&](std::string_view title, const std::vector<Shown>& shown) {
    if (shown.empty()) return;
    fmt::print("\n{}{}{}\n", paint.bold, title, paint.off);
    for (const Shown& one : shown) {
      if (one.form.size() > width) {
        fmt::print("  {}\n  {:{}}  {}\n", one.form, "", width, one.doc);
      } else {
        fmt::print("  {:{}}  {}\n", one.form, width, one.doc);
      }
    }
  };
  list("arguments", positionals_);
  list("options", flags_);
  if (!examples_.empty()) fmt::print("\n{}examples{}\n", paint.bold, paint.off);
  for (const auto& [line, does] : examples_) fmt::print("  {}\n      {}\n", line, does);
}

}  // namespace backfill::cli
