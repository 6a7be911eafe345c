// SPDX-License-Identifier: Apache-2.0
// A folder of its own with a spec, a schema and a database, in which a test runs the real executable.
#pragma once

#include <filesystem>
#include <string>

namespace backfill::test {

struct Ran {
  int exit = -1;
  std::string out, err;
};

class Sandbox {
 public:
  Sandbox();  // accounts.backfill, schema.sql, shop.db (tests/golden/cli)
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  // Through a shell, in the folder, stdin from a file: arguments may be quoted, `environment` is "NAME=value
  // ...".
  [[nodiscard]] Ran run(const std::string& arguments, const std::string& environment = {},
                        const std::string& input = "/dev/null") const;
  void sql(const std::string& statements) const;  // by the port that the program itself uses
  [[nodiscard]] std::string value(const std::string& query) const;  // first column of the first row, as text
  void write(const std::string& name, const std::string& text) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
};

// Exit code, stdout and stderr against tests/golden/cli/NAME.txt, with times, dates, hashes, processes and
// the folder made the same everywhere. BACKFILL_UPDATE_GOLDEN=1 writes it anew.
void check_golden(const Sandbox& sandbox, const std::string& name, const std::string& arguments,
                  const Ran& ran);

}  // namespace backfill::test
