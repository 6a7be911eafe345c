// SPDX-License-Identifier: Apache-2.0
// The channel to a user's program, against real programs that do what programs do.
#include "runtime/ask/program.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <thread>

#include "runtime/ask/programs.h"

using namespace backfill;
using ask::Answer;
using ask::Program;

namespace {

// A folder with a program in Python; `body` has `requests()`, an iterator, and `answer(id, **members)`.
class Folder {
 public:
  explicit Folder(const std::string& body) {
    std::string name = "/tmp/backfill_ask_XXXXXX";
    path_ = mkdtemp(name.data());
    std::ofstream(path_ / "program.py") << R"(import json, os, signal, subprocess, sys, time
def requests():
    for line in sys.stdin:
        yield json.loads(line)
def answer(id, **members):
    print(json.dumps({"id": id, **members}), flush=True)
def seen(name):
    try:
        open(name, "x").close()
        return False
    except FileExistsError:
        return True
open("pids", "a").write(f"{os.getpid()}\n")
)" << body;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] ask::Settings settings() const {
    return {.name = "f", .command = {"python3", "program.py"}, .folder = path_, .timeout_ms = 5000};
  }
  // The programs that are still there.
  [[nodiscard]] int left() const {
    std::ifstream pids(path_ / "pids");
    int left = 0;
    for (int pid = 0; pids >> pid;)
      if (kill(pid, 0) == 0) ++left;
    return left;
  }

 private:
  std::filesystem::path path_;
};

std::vector<std::string> numbers(int count) {
  std::vector<std::string> requests;
  for (int i = 0; i < count; ++i) requests.push_back("{\"n\":" + std::to_string(i) + "}");
  return requests;
}

// Each is its number, but those in `without`, which say why there is none.
void check(const Result<std::vector<Answer>>& answers, int count,
           const std::map<int, std::string>& without = {}) {
  if (!answers) FAIL(answers.failure().message);
  REQUIRE(answers->size() == static_cast<std::size_t>(count));
  for (int i = 0; i < count; ++i) {
    const Answer& answer = (*answers)[static_cast<std::size_t>(i)];
    const auto lacks = without.find(i);
    INFO(i << ": " << answer.value << " " << answer.failure);
    if (lacks == without.end()) {
      CHECK(answer.failure.empty());
      CHECK(answer.value == std::to_string(i));
    } else {
      CHECK(answer.failure.find(lacks->second) != std::string::npos);
    }
  }
}

constexpr const char* kEcho = "for r in requests(): answer(r['id'], value=r['args']['n'])\n";

}  // namespace

TEST_CASE("a program answers, once started") {
  const Folder folder(kEcho);
  {
    Program program(folder.settings(), nullptr);
    check(program.ask(numbers(1000)), 1000);
    check(program.ask(numbers(3)), 3);
    CHECK(program.starts() == 1);
    CHECK(folder.left() == 1);
  }
  CHECK(folder.left() == 0);
}

TEST_CASE("batches larger than every pipe go both ways") {
  const Folder folder("for r in requests(): answer(r['id'], value=r['args']['n'], more=r['args']['text'])\n");
  Program program(folder.settings(), nullptr);
  std::vector<std::string> requests;
  for (int i = 0; i < 200; ++i)
    requests.push_back("{\"n\":" + std::to_string(i) + ",\"text\":\"" + std::string(20'000, 'x') + "\"}");
  check(program.ask(requests), 200);
}

TEST_CASE("answers come in any order, twice, and with a carriage return") {
  const Folder folder(R"(
held = []
for r in requests():
    held.append(r)
    if len(held) == 50:
        for one in reversed(held):
            for _ in range(2):
                print(json.dumps({"id": one["id"], "value": one["args"]["n"]}), end="\r\n", flush=True)
        held = []
)");
  Program program(folder.settings(), nullptr);
  check(program.ask(numbers(100)), 100);
  CHECK(program.starts() == 1);
}

TEST_CASE("an error is the row's") {
  const Folder folder(R"(
for r in requests():
    n = r['args']['n']
    if n == 3: answer(r['id'], error="no such slug")
    elif n == 4: answer(r['id'])
    else: answer(r['id'], value=n)
)");
  Program program(folder.settings(), nullptr);
  check(program.ask(numbers(6)), 6, {{3, "`f` says: no such slug"}, {4, "neither a value nor an error"}});
  CHECK(program.starts() == 1);
}

TEST_CASE("one that dies is started again, and asked again") {
  const Folder folder(R"(
for r in requests():
    n = r['args']['n']
    if n in (7, 500) and not seen(f"died{n}"): sys.exit(3)
    answer(r['id'], value=n)
)");
  Program program(folder.settings(), nullptr);
  check(program.ask(numbers(600)), 600);
  CHECK(program.starts() == 3);
}

TEST_CASE("the row that it dies of is found") {
  const Folder folder(R"(
for r in requests():
    if r['args']['n'] in (5, 6, 90):
        print("cannot do", r['args']['n'], file=sys.stderr, flush=True)
        os.kill(os.getpid(), signal.SIGKILL)
    answer(r['id'], value=r['args']['n'])
)");
  Program program(folder.settings(), nullptr);
  check(program.ask(numbers(100)), 100,
        {{5, "failed 3 times on this row: it ended (signal 9): cannot do 5"},
         {6, "signal 9"},
         {90, "cannot do 90"}});
  CHECK(folder.left() == 1);
}

TEST_CASE("so is the one that it hangs on") {
  const Folder folder(R"(
for r in requests():
    if r['args']['n'] == 2: time.sleep(1000)
    answer(r['id'], value=r['args']['n'])
)");
  ask::Settings settings = folder.settings();
  settings.timeout_ms = 400;
  settings.retries = 1;
  Program program(settings, nullptr);
  check(program.ask(numbers(5)), 5, {{2, "no answer within 0.4 s"}});
  CHECK(folder.left() == 1);
}

TEST_CASE("nonsense is the row's that it answers") {
  const std::string what =
      GENERATE(as<std::string>{}, "print('hello', flush=True)", "print('[1]', flush=True)",
               "print(json.dumps({'value': 1}), flush=True)",
               "print(json.dumps({'id': 10 ** 9, 'value': 1}), flush=True)",
               "sys.stdout.buffer.write(b'{\"id\": 1, \"value\": \"\\xff\"}\\n'); sys.stdout.flush()",
               "print('x' * (1 << 21), flush=True)",
               "sys.stdout.write('x' * (1 << 21)); sys.stdout.flush(); time.sleep(9)");
  const Folder folder("for r in requests():\n    n = r['args']['n']\n    if n == 2: " + what +
                      "\n    else: answer(r['id'], value=n)\n");
  ask::Settings settings = folder.settings();
  settings.retries = 0;
  Program program(settings, nullptr);
  check(program.ask(numbers(5)), 5, {{2, "it answered"}});
}

TEST_CASE("one that never reads is given up") {
  const Folder folder("time.sleep(1000)\n");
  ask::Settings settings = folder.settings();
  settings.timeout_ms = 100;
  settings.retries = 0;
  Program program(settings, nullptr);
  const std::vector<std::string> requests(300, "{\"text\":\"" + std::string(5000, 'x') + "\"}");
  const auto answers = program.ask(requests);
  REQUIRE(!answers);
  CHECK(answers.failure().recovery == Recovery::Fatal);
  CHECK(answers.failure().message ==
        "the program of `f` has answered none of 10 rows in a row: no answer within 0.1 s");
}

TEST_CASE("one that is not there, or ends at once, fails the job and no row") {
  ask::Settings settings{.name = "f", .command = {"/nowhere/program"}};
  Program none(settings, nullptr);
  const auto absent = none.ask(numbers(1));
  REQUIRE(!absent);
  CHECK(absent.failure().message ==
        "the program of `f`: cannot start `/nowhere/program`: No such file or directory");

  const Folder folder("import no_such_module\n");
  Program broken(folder.settings(), nullptr);
  const auto answers = broken.ask(numbers(5));
  REQUIRE(!answers);
  CHECK(answers.failure().message.find(
            "ends as soon as it is started (exit status 1): ModuleNotFoundError") != std::string::npos);
  CHECK(folder.left() == 0);
}

TEST_CASE("one that answers some and ends is started again") {
  const Folder folder(R"(
for k, r in enumerate(requests()):
    answer(r['id'], value=r['args']['n'])
    if k == 9: break
)");
  Program program(folder.settings(), nullptr);
  check(program.ask(numbers(40)), 40);
}

TEST_CASE("no more is asked than the rate allows") {
  const Folder folder(kEcho);
  ask::Settings settings = folder.settings();
  settings.rate = 50;
  Program program(settings, nullptr);
  const auto begin = std::chrono::steady_clock::now();
  check(program.ask(numbers(40)), 40);
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
  CHECK(took.count() > 0.6);
  CHECK(took.count() < 5);
}

TEST_CASE("what it says on stderr is told, and never fills a pipe") {
  const Folder folder(R"(
for r in requests():
    print("x" * 100_000, file=sys.stderr, flush=True)
    answer(r['id'], value=r['args']['n'])
)");
  ask::Settings settings = folder.settings();
  std::atomic<int> told = 0;
  settings.tell = [&](const std::string&) { ++told; };
  Program program(settings, nullptr);
  check(program.ask(numbers(50)), 50);
  CHECK(told >= 49);
}

TEST_CASE("an interrupt is heard while it waits, and what the program has started ends with it") {
  const Folder folder(R"(
child = subprocess.Popen(["sleep", "1000"])
open("pids", "a").write(f"{child.pid}\n")
signal.signal(signal.SIGTERM, signal.SIG_IGN)
for r in requests(): time.sleep(1000)
)");
  std::atomic<bool> interrupt = false;
  {
    Program program(folder.settings(), &interrupt);
    std::thread soon([&] {
      std::this_thread::sleep_for(std::chrono::milliseconds(500));
      interrupt = true;
    });
    const auto answers = program.ask(numbers(2));
    soon.join();
    REQUIRE(!answers);
    CHECK(answers.failure().message == "interrupted");
  }
  for (int tries = 0; folder.left() > 0 && tries < 100; ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  CHECK(folder.left() == 0);
}

TEST_CASE("threads ask one after the other") {
  const Folder folder(kEcho);
  Program program(folder.settings(), nullptr);
  std::vector<std::thread> threads;
  std::atomic<int> fine = 0;
  for (int i = 0; i < 4; ++i)
    threads.emplace_back([&] {
      const auto answers = program.ask(numbers(100));
      if (answers && answers->back().value == "99") ++fine;
    });
  for (std::thread& thread : threads) thread.join();
  CHECK(fine == 4);
  CHECK(program.starts() == 1);
}
