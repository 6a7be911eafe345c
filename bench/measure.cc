// SPDX-License-Identifier: Apache-2.0
#include "bench/measure.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>

namespace backfill::bench {

void die(const std::string& what) {
  fmt::print(stderr, "{}\n", what);
  std::exit(1);
}

double seconds(const std::function<void()>& work) {
  const auto begun = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
}

void backfill_run(const std::string& binary, std::vector<std::string> arguments,
                  const std::vector<int>& allowed) {
  arguments.insert(arguments.begin(), {binary, "run"});
  arguments.insert(arguments.end(), {"--yes", "--quiet"});
  std::vector<char*> words;
  for (std::string& argument : arguments) words.push_back(argument.data());
  words.push_back(nullptr);
  std::fflush(stdout);  // the child would write it again
  const pid_t child = fork();
  if (child == 0) {
    std::freopen("/dev/null", "w", stdout);
    execv(binary.c_str(), words.data());
    _exit(127);
  }
  int status = 0;
  waitpid(child, &status, 0);
  if (!WIFEXITED(status) || std::ranges::find(allowed, WEXITSTATUS(status)) == allowed.end())
    die(fmt::format("backfill run ended with status {}", status));
}

}  // namespace backfill::bench
