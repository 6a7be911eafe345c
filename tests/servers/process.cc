// SPDX-License-Identifier: Apache-2.0
#include "tests/servers/process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <grp.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>

#include "stdlib/bug.h"

namespace backfill::test {

ServerProcess::ServerProcess(std::string_view name, std::string_view user) : user_(user), owner_(getpid()) {
  // A socket's path has to be short: not below a deep TMPDIR.
  std::string path = fmt::format("/tmp/backfill-{}-XXXXXX", name);
  BACKFILL_CHECK(mkdtemp(path.data()) != nullptr, "cannot make a directory under /tmp");
  directory_ = path;
  if (getuid() != 0) return;
  const passwd* entry = getpwnam(user_.c_str());
  BACKFILL_CHECK(entry != nullptr, "the server's package makes its user: run scripts/install");
  BACKFILL_CHECK(chown(path.c_str(), entry->pw_uid, entry->pw_gid) == 0, "cannot give a directory away");
}

ServerProcess::~ServerProcess() {
  if (getpid() != owner_) return;
  if (process_ > 0) {
    kill(process_, stop_signal_);
    waitpid(process_, nullptr, 0);
  }
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void ServerProcess::become_user() const {
  if (getuid() != 0) return;
  const passwd* entry = getpwnam(user_.c_str());
  if (entry == nullptr || initgroups(user_.c_str(), entry->pw_gid) != 0 || setgid(entry->pw_gid) != 0 ||
      setuid(entry->pw_uid) != 0)
    _exit(126);
}

int ServerProcess::spawn(const std::vector<std::string>& command) const {
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  const std::string log = directory_ / "log";
  const int parent = getpid();
  const int child = fork();
  BACKFILL_CHECK(child >= 0, "cannot fork");
  if (child != 0) return child;
  become_user();
  // After setuid, which clears it: who kills the test ends its servers too.
  prctl(PR_SET_PDEATHSIG, stop_signal_ == 0 ? SIGKILL : stop_signal_);
  if (getppid() != parent) _exit(125);
  setsid();  // not the terminal's Ctrl-C: the owner stops it
  const int out = open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int in = open("/dev/null", O_RDONLY);
  dup2(in, 0);
  dup2(out, 1);
  dup2(out, 2);
  if (chdir(directory_.c_str()) != 0) _exit(124);
  execvp(arguments[0], arguments.data());
  _exit(127);
}

bool ServerProcess::run(const std::vector<std::string>& command) {
  int status = 0;
  const int child = spawn(command);
  while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

void ServerProcess::start(const std::vector<std::string>& command, int stop_signal) {
  stop_signal_ = stop_signal;
  process_ = spawn(command);
}

bool ServerProcess::alive() {
  if (process_ <= 0) return false;
  if (waitpid(process_, nullptr, WNOHANG) != process_) return true;
  process_ = 0;
  return false;
}

std::string ServerProcess::log() const {
  std::ifstream file(directory_ / "log");
  return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace backfill::test
