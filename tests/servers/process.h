// SPDX-License-Identifier: Apache-2.0
// A server process of a test's own, in a temporary directory of its own. Both are gone when the object is;
// the process also when ours is killed.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

namespace backfill::test {

class ServerProcess {
 public:
  // Database servers refuse to run as root: there, `user` runs them and owns the directory.
  ServerProcess(std::string_view name, std::string_view user);
  ~ServerProcess();
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  [[nodiscard]] const std::filesystem::path& directory() const { return directory_; }
  // Runs to the end; false unless it exits with 0. Output goes to the log.
  bool run(const std::vector<std::string>& command);
  // The server itself, in the foreground of its process. `stop_signal` must end it at once.
  void start(const std::vector<std::string>& command, int stop_signal);
  [[nodiscard]] bool alive();
  [[nodiscard]] std::string log() const;

 private:
  [[nodiscard]] int spawn(const std::vector<std::string>& command) const;
  void become_user() const;

  std::filesystem::path directory_;
  std::string user_;
  int process_ = 0;
  int stop_signal_ = 0;
  int owner_ = 0;  // a forked copy of us must not end the server
};

}  // namespace backfill::test
