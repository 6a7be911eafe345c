// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/print_test.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "runtime/cli/json.h"
#include "runtime/cli/number.h"
#include "runtime/cli/terminal.h"

namespace backfill::cli {

namespace {

using harness::TestReport;
using harness::TestResult;

std::string place(const source::File& file, source::Span span) {
  const source::Position at = file.position(span.begin);
  return fmt::format("{}:{}:{}", file.name(), at.line, at.column);
}

// The line of a span with a mark under it, as rustc shows it.
void excerpt(const source::File& file, source::Span span, const Paint& paint) {
  const source::Span line = file.line_at(span.begin);
  const std::uint32_t end = std::min(span.end, line.end);
  const source::Position at = file.position(span.begin);
  const std::string number = std::to_string(at.line);
  const std::string gap(number.size(), ' ');
  const std::size_t width = std::max<std::uint32_t>(1, file.position(end).column - at.column);
  fmt::print("  {}--> {}\n", gap, place(file, span));
  fmt::print("  {} |\n  {} | {}\n", gap, number, file.text(line));
  fmt::print("  {} | {}{}{}{}\n", gap, std::string(at.column - 1, ' '), paint.bad, std::string(width, '^'),
             paint.off);
}

std::string_view first_line(const source::File& file, source::Span span) {
  const std::string_view text = file.text(span);
  return text.substr(0, text.find('\n'));
}

void failure(const source::File& file, const TestResult& result, const Paint& paint) {
  fmt::print("{}FAIL{} {}\n", paint.bad, paint.off, result.name);
  if (result.differences.empty()) return;
  excerpt(file, result.differences.front().span, paint);
  for (const harness::Difference& one : result.differences) {
    fmt::print("     {}\n", one.what);
    fmt::print("       expected  {}\n", one.expected);
    fmt::print("       actual    {}\n", one.actual);
  }
  if (result.decided_by.empty()) return;
  fmt::print("     it is {}: {}", result.class_name, result.decided_by);
  fmt::print("{}\n",
             result.decided_span.end > 0 ? fmt::format(" ({})", place(file, result.decided_span)) : "");
}

Json to_json(const TestResult& result) {
  Json differences = Json::array();
  for (const harness::Difference& one : result.differences)
    differences.push_back({{"what", one.what}, {"expected", one.expected}, {"actual", one.actual}});
  return {{"name", result.name},           {"passed", result.passed()},
          {"class", result.class_name},    {"decided_by", result.decided_by},
          {"row_error", result.row_error}, {"native_difference", result.native_difference},
          {"differences", differences}};
}

}  // namespace

struct TestPrinter::Document {
  Json backfills = Json::array();
};

TestPrinter::TestPrinter(std::string format, bool coverage)
    : format_(std::move(format)), coverage_(coverage), document_(std::make_unique<Document>()) {}
TestPrinter::~TestPrinter() = default;

void TestPrinter::human(const source::File& file, const TestReport& report) const {
  const Paint paint = paint_for(stdout);
  fmt::print("{}{}{} ({})\n", paint.bold, report.backfill, paint.off, file.name());
  for (const TestResult& result : report.results) {
    if (result.passed()) {
      fmt::print("{}ok{}   {}\n", paint.good, paint.off, result.name);
    } else {
      failure(file, result, paint);
    }
    if (!result.native_difference.empty())
      fmt::print("{}BUG{}  native code and evaluator differ: {}\n", paint.bad, paint.off,
                 result.native_difference);
  }
  if (!coverage_) return;
  const harness::Coverage& coverage = report.coverage;
  fmt::print("coverage: {} of {} classes and derived values\n", coverage.reached, coverage.total);
  for (const harness::Gap& gap : coverage.gaps)
    fmt::print("  {}: {}: {}\n", place(file, gap.span), gap.what, first_line(file, gap.span));
}

void TestPrinter::tap(const source::File& file, const TestReport& report) const {
  std::int64_t number = passed_ + failed_;
  for (const TestResult& result : report.results) {
    fmt::print("{}ok {} - {}: {}\n", result.passed() ? "" : "not ", ++number, report.backfill, result.name);
    for (const harness::Difference& one : result.differences)
      fmt::print("# {}: {}: expected {}, actual {}\n", place(file, one.span), one.what, one.expected,
                 one.actual);
    if (!result.native_difference.empty())
      fmt::print("# native code differs: {}\n", result.native_difference);
  }
}

void TestPrinter::json(const source::File& file, const TestReport& report) {
  Json tests = Json::array();
  for (const TestResult& result : report.results) tests.push_back(to_json(result));
  Json gaps = Json::array();
  for (const harness::Gap& gap : report.coverage.gaps)
    gaps.push_back({{"at", place(file, gap.span)}, {"what", gap.what}});
  document_->backfills.push_back(
      {{"name", report.backfill},
       {"file", file.name()},
       {"native", report.native},
       {"tests", tests},
       {"coverage",
        {{"reached", report.coverage.reached}, {"total", report.coverage.total}, {"gaps", gaps}}}});
}

void TestPrinter::add(const source::File& file, const TestReport& report) {
  if (format_ == "human") human(file, report);
  if (format_ == "tap") tap(file, report);
  if (format_ == "json") json(file, report);
  for (const TestResult& result : report.results) ++(result.passed() ? passed_ : failed_);
  any_native_ = any_native_ || report.native;
  if (!report.native_unavailable.empty()) unavailable_ = report.native_unavailable;
}

void TestPrinter::finish() {
  if (format_ == "tap") fmt::print("1..{}\n", passed_ + failed_);
  if (format_ == "json")
    print_json(Json{{"passed", passed_}, {"failed", failed_}, {"backfills", document_->backfills}});
  if (!unavailable_.empty()) fmt::print(stderr, "note: not compared with native code: {}\n", unavailable_);
  if (format_ != "human") return;
  fmt::print("\n{} passed, {} failed{}\n", thousands(passed_), thousands(failed_),
             any_native_ ? "; each by the evaluator and by native code" : "");
}

}  // namespace backfill::cli
