// SPDX-License-Identifier: Apache-2.0
// A user's mistake: a registered code, where, what was seen, and the way out.
// Style: lower case, no final period, code in backticks, what was seen before what would fit
// (docs/diagnostics/).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "compiler/diagnostic/codes.h"
#include "compiler/source/source.h"

namespace backfill::diagnostic {

enum class Severity { Error, Warning, Note };

struct Label {
  source::Span span;
  std::string text;
};

struct Diagnostic {
  Code code;  // its registered severity and title are in codes.h
  source::Span span;
  std::string message;             // what was seen
  std::string label;               // short words under the primary span; may be empty
  std::vector<Label> labels;       // further places
  std::vector<std::string> notes;  // facts
  std::string help;                // the fix; may be empty
  std::string replacement;         // text for `span` that applies the fix; may be empty
};

// Collects the diagnostics of one file. Not thread safe.
class Sink {
 public:
  explicit Sink(const source::File& file) : file_(&file) {}

  void report(Diagnostic diagnostic);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  // In order of span, then code.
  [[nodiscard]] std::vector<Diagnostic> sorted() const;
  [[nodiscard]] const source::File& file() const { return *file_; }

 private:
  const source::File* file_;
  std::vector<Diagnostic> diagnostics_;
  std::size_t errors_ = 0;
};

// The nearest of `choices` by edit distance (Damerau-Levenshtein, at most a third of the length), or empty.
std::string nearest(std::string_view name, const std::vector<std::string>& choices);

// As rustc prints them; colours only when asked.
std::string render(const Sink& sink, bool colours);
// One JSON array of {code, severity, message, file, start, end, labels, notes, help, replacement}.
std::string render_json(const Sink& sink);

}  // namespace backfill::diagnostic
