// SPDX-License-Identifier: Apache-2.0
// The results of a spec's tests for people, for TAP and as JSON.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "compiler/source/source.h"
#include "runtime/harness/run_tests.h"

namespace backfill::cli {

class TestPrinter {
 public:
  TestPrinter(std::string format, bool coverage);
  ~TestPrinter();

  void add(const source::File& file, const harness::TestReport& report);
  void finish();  // the summary line, TAP's plan, the JSON document

 private:
  void human(const source::File& file, const harness::TestReport& report) const;
  void tap(const source::File& file, const harness::TestReport& report) const;
  void json(const source::File& file, const harness::TestReport& report);

  struct Document;
  std::string format_;
  bool coverage_;
  std::int64_t passed_ = 0, failed_ = 0;
  bool any_native_ = false;
  std::string unavailable_;
  std::unique_ptr<Document> document_;
};

}  // namespace backfill::cli
