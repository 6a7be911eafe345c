// SPDX-License-Identifier: Apache-2.0
// A child process in a process group of its own, with pipes to its stdin, stdout and stderr.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::ask {

// The kernel kills it when the thread that started it ends, however that comes: nothing is left running.
// Used by that thread alone.
class Child {
 public:
  // `folder`: where it starts; empty: here. Fails if it cannot be started at all (no such file, ...).
  static Result<std::unique_ptr<Child>> start(const std::vector<std::string>& command,
                                              const std::string& folder);
  ~Child();  // stops it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // What was taken of it; less than all where the pipe is full. -1: it does not read any more.
  std::int64_t write(std::string_view data);
  void close_input();
  // Appends what is there now. False: it has closed that end.
  bool read_output(std::string& into) { return read(output_, into); }
  bool read_errors(std::string& into) { return read(errors_, into); }
  // Until one of its pipes has something for us (`writing`: or room), at most so long.
  void wait(bool writing, std::int64_t milliseconds) const;

  // Asks it to end, then makes it; its whole group, so that what it has started ends too. Says how it ended:
  // "exit status 1", "signal 9".
  std::string stop(std::int64_t patience_ms);

 private:
  Child(pid_t pid, int input, int output, int errors)
      : pid_(pid), input_(input), output_(output), errors_(errors) {}
  static bool read(int& from, std::string& into);
  [[nodiscard]] bool ends_within(std::int64_t milliseconds) const;

  pid_t pid_;
  int input_, output_, errors_;  // -1: closed
  std::string end_;              // how it ended; empty: it was not stopped yet
};

}  // namespace backfill::ask
