// SPDX-License-Identifier: Apache-2.0
#include "runtime/ask/program.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <deque>
#include <map>
#include <optional>

#include "runtime/ask/child.h"
#include "stdlib/json.h"
#include "stdlib/utf8.h"

namespace backfill::ask {

namespace {

using Clock = std::chrono::steady_clock;
namespace json = stdlib::json;

constexpr std::size_t kAhead = 256;          // requests that it owes at once, at most
constexpr std::size_t kWritten = 1U << 16U;  // bytes on the way to it
constexpr std::int64_t kLook = 100;          // ms between two looks at the interrupt
constexpr std::int64_t kPatience = 500;      // ms to end by itself
constexpr std::int64_t kProbe = 1000;        // ms that a program that is asked nothing must live
constexpr int kLives = 3;                    // without an answer in a row: is it the program or the rows?
constexpr int kLost = 10;                    // requests in a row that got no answer: it is the program
constexpr std::int64_t kToldLines = 200;     // of stderr
constexpr std::size_t kShown = 200;          // bytes of what it says, in a message

std::string shown(std::string_view text) {
  std::string out;
  for (const char c : text.substr(0, kShown))
    out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) == 0x7f ? ' ' : c;
  while (!stdlib::utf8::valid(out)) out.pop_back();
  return out + (text.size() > kShown ? "..." : "");
}

std::int64_t since(Clock::time_point then) {
  return std::chrono::duration_cast<std::chrono::milliseconds>(Clock::now() - then).count();
}

// Takes a whole line out of the buffer; nothing: there is none yet.
std::optional<std::string> take_line(std::string& buffer) {
  const std::size_t end = buffer.find('\n');
  if (end == std::string::npos) return std::nullopt;
  std::string line = buffer.substr(0, end);
  buffer.erase(0, end + 1);
  if (line.ends_with('\r')) line.pop_back();
  return line;
}

}  // namespace

// What the program's own thread knows: the child, and what it owes.
class Program::Conversation {
 public:
  explicit Conversation(Program& program) : program_(program), settings_(program.settings_) {}

  Result<std::vector<Answer>> ask(std::span<const std::string> requests);

 private:
  struct Request {
    std::int64_t tries = 0;
    bool suspect = false;  // the program ended while it owed this one: it is asked alone
  };
  // False: the conversation with this child is over, and `why_` says why.
  bool exchange();
  Result<void> ensure_child();
  Result<void> probe();
  void end_child();
  void send_more();
  [[nodiscard]] bool may_send() const;
  bool take_answers();
  bool take_answer(const std::string& line);
  bool nonsense(std::string why);
  void listen();
  void settle(std::size_t request, Answer answer);
  Result<void> blame();

  Program& program_;
  const Settings& settings_;
  std::unique_ptr<Child> child_;
  std::string outgoing_, incoming_, errors_, last_error_;
  std::string why_;                           // the child is given up
  bool reads_ = true;                         // the child takes more
  std::int64_t next_id_ = 1, first_id_ = 1;   // of this child
  std::map<std::int64_t, std::size_t> owed_;  // by id
  std::span<const std::string> asked_;
  std::vector<Request> requests_;
  std::vector<Answer> answers_;
  std::deque<std::size_t> waiting_, suspects_;
  std::size_t open_ = 0;  // requests without an answer
  Clock::time_point last_progress_ = Clock::now(), may_send_at_ = Clock::now();
  bool answered_ = false;     // this child has answered something
  int lives_ = 0, lost_ = 0;  // in a row: children without an answer, requests without one
  std::int64_t told_ = 0;
};

Result<std::vector<Answer>> Program::Conversation::ask(std::span<const std::string> requests) {
  asked_ = requests;
  requests_.assign(requests.size(), {});
  answers_.assign(requests.size(), {});
  waiting_.clear();
  suspects_.clear();
  for (std::size_t i = 0; i < requests.size(); ++i) waiting_.push_back(i);
  open_ = requests.size();
  while (open_ > 0) {
    if (program_.interrupt_ != nullptr && program_.interrupt_->load(std::memory_order_relaxed)) {
      end_child();
      return Failure{Recovery::Retry, "interrupted", "run it again"};
    }
    BACKFILL_TRY(ensure_child());
    if (!exchange()) BACKFILL_TRY(blame());
  }
  return std::move(answers_);
}

Result<void> Program::Conversation::ensure_child() {
  if (child_) return {};
  if (lives_ > 0) {
    const std::int64_t pause = std::min<std::int64_t>(50LL << std::min(lives_, 6), 1000);
    std::this_thread::sleep_for(std::chrono::milliseconds(pause));
  }
  auto child = Child::start(settings_.command, settings_.folder);
  if (!child)
    return fatal(fmt::format("the program of `{}`: {}", settings_.name, child.failure().message),
                 "correct its command; the same command goes on then");
  child_ = *std::move(child);
  ++program_.starts_;
  outgoing_.clear();
  incoming_.clear();
  errors_.clear();
  last_error_.clear();
  why_.clear();
  reads_ = true;
  answered_ = false;
  first_id_ = next_id_;
  last_progress_ = Clock::now();
  return lives_ == kLives ? probe() : Result<void>();
}

// Three in a row have ended without an answer. One that ends although it is asked nothing cannot be helped by
// leaving rows out.
Result<void> Program::Conversation::probe() {
  const Clock::time_point begin = Clock::now();
  while (since(begin) < kProbe) {
    child_->wait(false, std::min(kLook, kProbe - since(begin)));
    listen();
    if (child_->read_output(incoming_)) continue;
    const std::string end = child_->stop(kPatience);
    listen();
    child_.reset();
    lives_ = 0;
    return fatal(fmt::format("the program of `{}` ends as soon as it is started ({}){}", settings_.name, end,
                             last_error_.empty() ? "" : ": " + shown(last_error_)),
                 "start it by hand, and see why; the same command goes on then");
  }
  ++lives_;
  return {};
}

bool Program::Conversation::may_send() const {
  if (!reads_ || outgoing_.size() >= kWritten || Clock::now() < may_send_at_) return false;
  if (!suspects_.empty()) return owed_.empty();
  // What a suspect owes is waited for alone.
  const bool alone = owed_.size() == 1 && requests_[owed_.begin()->second].suspect;
  return !waiting_.empty() && !alone && owed_.size() < kAhead;
}

void Program::Conversation::send_more() {
  while (may_send()) {
    std::deque<std::size_t>& from = suspects_.empty() ? waiting_ : suspects_;
    const std::size_t request = from.front();
    from.pop_front();
    if (owed_.empty()) last_progress_ = Clock::now();
    outgoing_ += fmt::format("{{\"id\":{},\"fn\":{},\"args\":{}}}\n", next_id_, json::quoted(settings_.name),
                             asked_[request]);
    owed_[next_id_++] = request;
    if (settings_.rate > 0)
      may_send_at_ = std::max(may_send_at_, Clock::now() - std::chrono::milliseconds(kLook)) +
                     std::chrono::microseconds(static_cast<std::int64_t>(1e6 / settings_.rate));
  }
}

bool Program::Conversation::exchange() {
  send_more();
  if (reads_ && !outgoing_.empty()) {
    const std::int64_t taken = child_->write(outgoing_);
    reads_ = taken >= 0;  // it may still answer what it has read
    if (taken > 0) outgoing_.erase(0, static_cast<std::size_t>(taken));
  }
  if (!reads_ && owed_.empty()) return nonsense("it reads no more");
  const std::int64_t left =
      owed_.empty() ? kLook : std::max<std::int64_t>(0, settings_.timeout_ms - since(last_progress_));
  std::int64_t pause = std::min(kLook, left);
  if (const auto wait = std::chrono::duration_cast<std::chrono::milliseconds>(may_send_at_ - Clock::now());
      wait.count() >= 0)
    pause = std::min<std::int64_t>(pause, wait.count() + 1);
  child_->wait(reads_ && !outgoing_.empty(), pause);
  listen();
  const bool lives = child_->read_output(incoming_);
  if (!take_answers()) return false;
  if (!lives) {
    const std::string end = child_->stop(kPatience);
    listen();
    why_ = fmt::format("it ended ({}){}", end, last_error_.empty() ? "" : ": " + shown(last_error_));
    return false;
  }
  if (!owed_.empty() && since(last_progress_) >= settings_.timeout_ms) {
    why_ = fmt::format("no answer within {} s", static_cast<double>(settings_.timeout_ms) / 1000);
    return false;
  }
  return true;
}

void Program::Conversation::listen() {
  static_cast<void>(child_->read_errors(errors_));
  if (errors_.size() > kLongestLine) errors_ += '\n';
  while (const auto line = take_line(errors_)) {
    if (!line->empty()) last_error_ = *line;
    if (settings_.tell && told_++ < kToldLines) settings_.tell(shown(*line));
  }
}

bool Program::Conversation::take_answers() {
  while (const auto line = take_line(incoming_))
    if (!take_answer(*line)) return false;
  if (incoming_.size() > kLongestLine)
    return nonsense(fmt::format("it answered with a line of more than {} bytes", kLongestLine));
  return true;
}

bool Program::Conversation::nonsense(std::string why) {
  why_ = std::move(why);
  return false;
}

bool Program::Conversation::take_answer(const std::string& line) {
  if (line.size() > kLongestLine)
    return nonsense(fmt::format("it answered with a line of more than {} bytes", kLongestLine));
  const auto object = stdlib::utf8::valid(line) ? json::canonical(line) : std::nullopt;
  if (!object || json::type_of(*object) != json::Type::Object)
    return nonsense(fmt::format("it answered with what is no JSON object: {}", shown(line)));
  const auto id_text = json::member(*object, "\"id\"");
  std::int64_t id = 0;
  const char* const end = id_text ? id_text->data() + id_text->size() : nullptr;
  if (!id_text || std::from_chars(id_text->data(), end, id).ptr != end)
    return nonsense(fmt::format("it answered without the id of a request: {}", shown(line)));
  const auto owed = owed_.find(id);
  if (owed == owed_.end()) {
    if (id >= first_id_ && id < next_id_) return true;  // once more: the first answer counts
    return nonsense(fmt::format("it answered a request that it never got: {}", shown(line)));
  }
  const std::size_t request = owed->second;
  owed_.erase(owed);
  last_progress_ = Clock::now();
  answered_ = true;
  lives_ = lost_ = 0;
  Answer answer;
  const auto value = json::member(*object, "\"value\"");
  const auto error = json::member(*object, "\"error\"");
  if (error && json::type_of(*error) != json::Type::Null) {
    const auto text = json::type_of(*error) == json::Type::String ? json::unquoted(*error) : std::nullopt;
    answer.failure = fmt::format("`{}` says: {}", settings_.name, shown(text ? *text : std::string(*error)));
  } else if (value) {
    answer.value = std::string(*value);
  } else {
    answer.failure =
        fmt::format("`{}` answered with neither a value nor an error: {}", settings_.name, shown(line));
  }
  settle(request, std::move(answer));
  return true;
}

void Program::Conversation::settle(std::size_t request, Answer answer) {
  answers_[request] = std::move(answer);
  --open_;
}

void Program::Conversation::end_child() {
  if (child_) child_->stop(0);
  child_.reset();
  owed_.clear();
}

// The child is given up. What it owed is asked again, one by one: the request that it owed alone is what it
// fails on.
Result<void> Program::Conversation::blame() {
  const std::map<std::int64_t, std::size_t> owed = std::move(owed_);
  owed_.clear();
  if (!answered_) ++lives_;
  end_child();
  for (auto one = owed.rbegin(); one != owed.rend(); ++one) {
    Request& request = requests_[one->second];
    ++request.tries;
    request.suspect = true;
    if (owed.size() > 1 || request.tries <= settings_.retries) {
      suspects_.push_front(one->second);
      continue;
    }
    settle(one->second,
           {"", fmt::format("`{}` failed {} times on this row: {}", settings_.name, request.tries, why_)});
    if (++lost_ < kLost) continue;
    lost_ = 0;
    return fatal(fmt::format("the program of `{}` has answered none of {} rows in a row: {}", settings_.name,
                             kLost, why_),
                 "correct it; the same command goes on then");
  }
  return {};
}

Program::Program(Settings settings, const std::atomic<bool>* interrupt)
    : settings_(std::move(settings)), interrupt_(interrupt), thread_([this] { work(); }) {}

Program::~Program() {
  {
    const std::lock_guard lock(mutex_);
    state_ = State::Ending;
  }
  changed_.notify_all();
  thread_.join();
}

Result<std::vector<Answer>> Program::ask(std::span<const std::string> requests) {
  if (requests.empty()) return std::vector<Answer>();
  const std::lock_guard alone(one_at_a_time_);
  std::unique_lock lock(mutex_);
  requests_ = requests;
  state_ = State::Asked;
  changed_.notify_all();
  changed_.wait(lock, [this] { return state_ == State::Answered; });
  state_ = State::Idle;
  return *std::move(answers_);
}

void Program::work() {
  // Signals are the other threads' to hear; a pipe that nobody reads is an error of its write.
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, nullptr);
  Conversation conversation(*this);
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return state_ == State::Asked || state_ == State::Ending; });
    if (state_ == State::Ending) return;
    lock.unlock();
    auto answers = std::make_unique<Result<std::vector<Answer>>>(conversation.ask(requests_));
    lock.lock();
    answers_ = std::move(answers);
    state_ = State::Answered;
    changed_.notify_all();
  }
}

}  // namespace backfill::ask
