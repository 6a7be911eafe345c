// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/cli/sandbox.h"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "runtime/database/store.h"

namespace backfill::test {

namespace fs = std::filesystem;

namespace {

const fs::path kGolden = fs::path(BACKFILL_SOURCE_DIR) / "tests/golden/cli";

std::string contents(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

std::unique_ptr<database::Store> open(const fs::path& folder) {
  auto store = database::open("sqlite:" + (folder / "shop.db").string(), {});
  if (!store) FAIL(store.failure().message);
  return *std::move(store);
}

std::string normalised(std::string text, const fs::path& folder) {
  const std::pair<const char*, const char*> kRules[] = {
      {R"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z)", "WHEN"},
      {R"((under 1 ms|\d+(\.\d+)? (ms|s)\b))", "TIME"},
      {R"([\d,]+(\.\d)? rows/s)", "RATE"},
      {R"(`?\b(?:[0-9a-f]{16}){1,2}\b`?)", "HASH"},
      {R"(host \S+, process \d+)", "PROCESS"},
      // Columns are as wide as what they hold.
      {R"( {2,}(TIME|RATE|WHEN|PROCESS|took))", "  $1"},
  };
  for (std::size_t at = 0; (at = text.find(folder.string(), at)) != std::string::npos;)
    text.replace(at, folder.string().size(), "DIR");
  for (const auto& [pattern, with] : kRules) text = std::regex_replace(text, std::regex(pattern), with);
  return text;
}

}  // namespace

Sandbox::Sandbox() {
  std::string name = (fs::temp_directory_path() / "backfill-cli-XXXXXX").string();
  REQUIRE(mkdtemp(name.data()) != nullptr);
  folder_ = name;
  for (const char* file : {"accounts.backfill", "schema.sql"}) fs::copy_file(kGolden / file, folder_ / file);
  write("shop.db", "");
  sql(contents(kGolden / "schema.sql") + contents(kGolden / "rows.sql"));
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
}

Ran Sandbox::run(const std::string& arguments, const std::string& environment,
                 const std::string& input) const {
  const std::string command =
      "cd '" + folder_.string() + "' && env -u BACKFILL_DB -u XDG_CACHE_HOME HOME=" + folder_.string() + " " +
      environment + " '" BACKFILL_BUILD_DIR "/backfill' " + arguments + " >.out 2>.err <" + input;
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read(".out"), read(".err")};
}

void Sandbox::sql(const std::string& statements) const {
  const auto done = open(folder_)->script(statements);
  if (!done) FAIL(done.failure().message);
}

std::string Sandbox::value(const std::string& query) const {
  auto rows = open(folder_)->query(query);
  if (!rows) FAIL(rows.failure().message);
  REQUIRE(!rows->rows.empty());
  const stdlib::Value& value = rows->rows[0][0];
  if (value.missing()) return "missing";
  if (const auto* text = std::get_if<std::string>(&value.variant())) return *text;
  return std::to_string(value.integer());
}

void Sandbox::write(const std::string& name, const std::string& text) const {
  std::ofstream(folder_ / name, std::ios::binary) << text;
}

std::string Sandbox::read(const std::string& name) const {
  return contents(folder_ / name);
}

void check_golden(const Sandbox& sandbox, const std::string& name, const std::string& arguments,
                  const Ran& ran) {
  const std::string got = normalised("$ backfill " + arguments + "\nexit " + std::to_string(ran.exit) +
                                         "\n--- stdout\n" + ran.out + "--- stderr\n" + ran.err,
                                     sandbox.folder());
  const fs::path path = kGolden / (name + ".txt");
  if (std::getenv("BACKFILL_UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << got;
  INFO(path.string() << " (BACKFILL_UPDATE_GOLDEN=1 writes it)");
  CHECK(got == contents(path));
}

}  // namespace backfill::test
