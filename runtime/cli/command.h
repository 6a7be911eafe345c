// SPDX-License-Identifier: Apache-2.0
// One verb's command line: its flags, its help, and how it says that something went wrong. CLI11 stays in
// command.cc.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::cli {

// CLI.md's exit codes.
enum Exit : int { kDone = 0, kWrong = 1, kEnvironment = 2, kWaiting = 3, kResidue = 4, kBug = 5 };

struct Arguments {
  int count = 0;
  char** values = nullptr;  // what stands after the verb
};

class Command {
 public:
  Command(std::string_view verb, std::string_view summary);
  ~Command();
  Command(const Command&) = delete;
  Command& operator=(const Command&) = delete;

  // What --help says between the usage and the flags, and after them.
  void teach(std::string_view text) { lesson_ = text; }
  void example(std::string_view line, std::string_view does) { examples_.emplace_back(line, does); }

  // Targets must outlive parse(). Names as typed: "--schema".
  void flag(const std::string& name, bool& target, const std::string& doc);
  void option(const std::string& name, std::string& target, const std::string& value, const std::string& doc);
  void options(const std::string& name, std::vector<std::string>& target, const std::string& value,
               const std::string& doc);
  void number(const std::string& name, std::int64_t& target, const std::string& value,
              const std::string& doc);
  void choice(const std::string& name, std::string& target, const std::vector<std::string>& allowed,
              const std::string& doc);
  void hidden_flag(const std::string& name, bool& target);
  void positional(const std::string& name, std::string& target, const std::string& doc, bool required);
  void positional(const std::string& name, std::optional<std::int64_t>& target, const std::string& doc);
  void positionals(const std::string& name, std::vector<std::string>& target, const std::string& doc,
                   bool required);

  // An exit code where there is nothing more to do: --help was asked for, or the arguments are wrong.
  [[nodiscard]] std::optional<int> parse(Arguments arguments);

  [[nodiscard]] bool json() const { return json_; }
  [[nodiscard]] const std::string& verb() const { return verb_; }

  // Messages go to stderr; with --json stdout gets one {"error": ...} document as well.
  int wrong(const std::string& message, const std::string& help = {}) const;  // kWrong
  int failed(const Failure& failure) const;                                   // kEnvironment

 private:
  struct Shown {
    std::string form, doc;
  };
  void show_help() const;
  int complain(int exit, const std::string& message, const std::string& help) const;
  int unknown_flag(const std::string& given) const;

  struct Parser;
  std::unique_ptr<Parser> parser_;
  std::string verb_, summary_, lesson_;
  std::vector<std::pair<std::string, std::string>> examples_;
  std::vector<Shown> positionals_, flags_;
  std::string usage_;
  bool json_ = false;
};

}  // namespace backfill::cli
