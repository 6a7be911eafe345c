// SPDX-License-Identifier: Apache-2.0
#include "runtime/ask/child.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <thread>

namespace backfill::ask {

namespace {

struct Pipe {
  int from = -1, to = -1;
  Pipe() = default;
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;
  ~Pipe() {
    close_end(from);
    close_end(to);
  }
  bool open() {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) return false;
    from = ends[0];
    to = ends[1];
    return true;
  }
  static void close_end(int& end) {
    if (end >= 0) close(end);
    end = -1;
  }
  static int take(int& end) { return std::exchange(end, -1); }
};

void make_non_blocking(int end) {
  fcntl(end, F_SETFL, fcntl(end, F_GETFL) | O_NONBLOCK);
}

struct Prepared {
  Pipe input, output, errors, status;
  std::vector<char*> arguments;
  const char* folder = nullptr;
  pid_t parent = -1;
};

// In the child, between fork and exec: nothing here allocates or locks. What fails is told through the pipe
// that exec closes.
[[noreturn]] void become(const Prepared& prepared) {
  const auto fail = [&](int at) {
    const std::array<int, 2> why{at, errno};
    static_cast<void>(!::write(prepared.status.to, why.data(), sizeof why));
    _exit(127);
  };
  setpgid(0, 0);
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != prepared.parent) _exit(127);
  sigset_t none;
  sigemptyset(&none);
  sigprocmask(SIG_SETMASK, &none, nullptr);
  signal(SIGPIPE, SIG_DFL);
  if (dup2(prepared.input.from, 0) < 0 || dup2(prepared.output.to, 1) < 0 || dup2(prepared.errors.to, 2) < 0)
    fail(0);
  if (prepared.folder != nullptr && chdir(prepared.folder) != 0) fail(1);
  execvp(prepared.arguments[0], prepared.arguments.data());
  fail(0);
  _exit(127);
}

}  // namespace

Result<std::unique_ptr<Child>> Child::start(const std::vector<std::string>& command,
                                            const std::string& folder) {
  Prepared prepared;
  if (!prepared.input.open() || !prepared.output.open() || !prepared.errors.open() || !prepared.status.open())
    return fatal(fmt::format("cannot make a pipe for `{}`: {}", command[0], std::strerror(errno)));
  std::vector<std::string> texts = command;
  for (std::string& text : texts) prepared.arguments.push_back(text.data());
  prepared.arguments.push_back(nullptr);
  if (!folder.empty()) prepared.folder = folder.c_str();
  prepared.parent = getpid();
  const pid_t pid = fork();
  if (pid < 0) return fatal(fmt::format("cannot start `{}`: {}", command[0], std::strerror(errno)));
  if (pid == 0) become(prepared);
  setpgid(pid, pid);  // whoever comes first
  Pipe::close_end(prepared.status.to);
  std::array<int, 2> why{};
  ssize_t told = 0;
  do {
    told = ::read(prepared.status.from, why.data(), sizeof why);
  } while (told < 0 && errno == EINTR);
  if (told == static_cast<ssize_t>(sizeof why)) {
    waitpid(pid, nullptr, 0);
    return fatal(why[0] == 1 ? fmt::format("cannot enter the folder {}: {}", folder, std::strerror(why[1]))
                             : fmt::format("cannot start `{}`: {}", command[0], std::strerror(why[1])));
  }
  std::unique_ptr<Child> child(new Child(pid, Pipe::take(prepared.input.to), Pipe::take(prepared.output.from),
                                         Pipe::take(prepared.errors.from)));
  for (const int end : {child->input_, child->output_, child->errors_}) make_non_blocking(end);
  return child;
}

Child::~Child() {
  constexpr std::int64_t kPatience = 1000;
  stop(kPatience);
}

std::int64_t Child::write(std::string_view data) {
  if (input_ < 0) return -1;
  const ssize_t taken = ::write(input_, data.data(), data.size());
  if (taken >= 0) return taken;
  return errno == EAGAIN || errno == EINTR ? 0 : -1;
}

void Child::close_input() {
  Pipe::close_end(input_);
}

bool Child::read(int& from, std::string& into) {
  std::array<char, 1U << 16U> buffer;
  while (from >= 0) {
    const ssize_t count = ::read(from, buffer.data(), buffer.size());
    if (count > 0) into.append(buffer.data(), static_cast<std::size_t>(count));
    if (count == static_cast<ssize_t>(buffer.size())) return true;  // the rest at the next call
    if (count > 0 || (count < 0 && errno == EINTR)) continue;
    if (count < 0 && errno == EAGAIN) return true;
    Pipe::close_end(from);
  }
  return false;
}

void Child::wait(bool writing, std::int64_t milliseconds) const {
  std::array<pollfd, 3> ends{
      {{output_, POLLIN, 0}, {errors_, POLLIN, 0}, {writing ? input_ : -1, POLLOUT, 0}}};
  poll(ends.data(), ends.size(), static_cast<int>(milliseconds));
}

// Without reaping it: its process group keeps its number.
bool Child::ends_within(std::int64_t milliseconds) const {
  constexpr std::int64_t kNap = 5;
  for (std::int64_t waited = 0;; waited += kNap) {
    siginfo_t info{};
    const int asked = waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT);
    if (asked != 0 || info.si_pid == pid_) return true;
    if (waited >= milliseconds) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(kNap));
  }
}

std::string Child::stop(std::int64_t patience_ms) {
  if (!end_.empty()) return end_;
  close_input();
  if (!ends_within(patience_ms)) {
    kill(-pid_, SIGTERM);
    static_cast<void>(ends_within(patience_ms));
  }
  kill(-pid_, SIGKILL);
  int status = 0;
  while (waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
  }
  Pipe::close_end(output_);
  Pipe::close_end(errors_);
  end_ = WIFSIGNALED(status) ? fmt::format("signal {}", WTERMSIG(status))
                             : fmt::format("exit status {}", WEXITSTATUS(status));
  return end_;
}

}  // namespace backfill::ask
