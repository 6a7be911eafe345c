// SPDX-License-Identifier: Apache-2.0
// The user's program that answers an extern function: it is started once, gets requests as JSON lines on its
// stdin, and answers each with a line on its stdout (docs/extern.md).
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::ask {

struct Settings {
  std::string name;                  // of the function
  std::vector<std::string> command;  // never empty
  std::string folder;                // where it is started; empty: here
  std::int64_t timeout_ms = 10'000;  // so long it may be silent while it owes answers
  std::int64_t retries = 2;          // a request is asked once, and so often again
  double rate = 0;                   // requests per second; 0: as many as it answers
  // A line of its stderr. May be null. Called by the program's own thread.
  std::function<void(const std::string& line)> tell;
};

// To one request.
struct Answer {
  std::string value;    // canonical JSON
  std::string failure;  // why there is none: "`infer` says: ..."; empty: there is
};

constexpr std::size_t kLongestLine = 1U << 20U;  // of an answer

// A program that dies, hangs or answers nonsense is started anew, and what it owed is asked again, one by
// one, so that the request that does it is found: that one gets a failure for its answer. Only where it
// cannot be started, or fails whatever it is asked, asking fails as a whole.
class Program {
 public:
  // `interrupt`: asked about ten times a second while it waits; may be null.
  Program(Settings settings, const std::atomic<bool>* interrupt);
  ~Program();  // stops it
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  // Answers in the order of the requests, each an object as canonical JSON. Threads wait for each other.
  Result<std::vector<Answer>> ask(std::span<const std::string> requests);
  [[nodiscard]] const Settings& settings() const { return settings_; }
  // Times that it was started so far.
  [[nodiscard]] std::int64_t starts() const { return starts_.load(); }

 private:
  class Conversation;
  void work();

  Settings settings_;
  const std::atomic<bool>* interrupt_;
  std::atomic<std::int64_t> starts_{0};
  std::mutex one_at_a_time_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::span<const std::string> requests_;                 // of the one who waits
  std::unique_ptr<Result<std::vector<Answer>>> answers_;  // for him
  enum class State : std::uint8_t { Idle, Asked, Answered, Ending } state_ = State::Idle;
  // The child lives no longer than the thread that starts it.
  std::thread thread_;
};

}  // namespace backfill::ask
