// SPDX-License-Identifier: Apache-2.0
// A PostgreSQL 15 for measuring: a directory of its own, settings of PERFORMANCE.md, everything kept on disk.
#pragma once

#include <libpq-fe.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace backfill::bench {

class PostgresServer {
 public:
  PostgresServer();
  ~PostgresServer();
  PostgresServer(const PostgresServer&) = delete;
  PostgresServer& operator=(const PostgresServer&) = delete;
  [[nodiscard]] std::string url(const std::string& database) const;
  // The URL of a new copy of the database `original`; the one before is gone. `reads` are run on it: the
  // first read of a copied file is not what is measured.
  [[nodiscard]] std::string fresh(const std::vector<std::string>& reads) const;

 private:
  std::filesystem::path directory_;
};

// Ends the program where something fails: a measurement has no other use for it.
class Session {
 public:
  explicit Session(const std::string& url);
  // Rows of text; "" for NULL.
  std::vector<std::vector<std::string>> run(const std::string& sql);
  std::string one(const std::string& sql) { return run(sql).at(0).at(0); }

 private:
  struct Finish {
    void operator()(PGconn* handle) const { PQfinish(handle); }
  };
  std::unique_ptr<PGconn, Finish> handle_;
};

}  // namespace backfill::bench
