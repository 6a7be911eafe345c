// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/sql/owner.h"

#include <fmt/format.h>
#include <unistd.h>

#include <fstream>
#include <random>
#include <sstream>

namespace backfill::database_sql {

namespace {

std::string host_name() {
  char name[256] = {};
  if (gethostname(name, sizeof name - 1) != 0) return "unknown";
  return name;
}

// Field 22 of /proc/<pid>/stat; the second field may hold spaces, so count from its closing parenthesis. A
// zombie
// ('Z') does no work any more. 0: there is no such process.
std::int64_t start_of(std::int64_t pid) {
  std::ifstream file(fmt::format("/proc/{}/stat", pid));
  std::string text;
  if (!std::getline(file, text)) return 0;
  const std::size_t end = text.rfind(')');
  if (end == std::string::npos) return 0;
  std::istringstream rest(text.substr(end + 1));
  std::string field;
  rest >> field;
  if (field == "Z" || field == "X") return 0;
  for (int i = 4; i <= 22; ++i) rest >> field;
  return std::strtoll(field.c_str(), nullptr, 10);
}

}  // namespace

Owner this_process() {
  Owner owner;
  owner.host = host_name();
  owner.pid = getpid();
  owner.started = start_of(owner.pid);
  std::random_device random;
  owner.token = fmt::format("{:08x}{:08x}", random(), random());
  return owner;
}

bool alive(const Owner& owner, std::int64_t heartbeat, std::int64_t now) {
  if (owner.token.empty()) return false;
  if (owner.host != host_name()) return now - heartbeat < kHeartbeatLimit;
  const std::int64_t started = start_of(owner.pid);
  return started != 0 && (owner.started == 0 || started == owner.started);
}

std::string describe(const Owner& owner) {
  return owner.token.empty() ? std::string() : fmt::format("host {}, process {}", owner.host, owner.pid);
}

}  // namespace backfill::database_sql
