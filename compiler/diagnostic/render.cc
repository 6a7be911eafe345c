// SPDX-License-Identifier: Apache-2.0
// Diagnostics for people, laid out as rustc does.
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "compiler/diagnostic/diagnostic.h"

namespace backfill::diagnostic {
namespace {

constexpr std::size_t max_width = 120;  // of a line of source; longer ones are clipped around the span
constexpr std::size_t lead = 40;        // characters that stay in front of a clipped span

struct Colours {
  const char *error = "", *warning = "", *frame = "", *bold = "", *reset = "";
};

constexpr Colours plain{};
constexpr Colours ansi{"\x1b[1;31m", "\x1b[1;33m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"};

struct Mark {
  source::Span span;
  std::string text;
  bool primary = false;
};

bool begins_character(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
}

// A line of source as it is shown: one column per character, tabs and control characters as blanks.
struct ShownLine {
  std::string text;
  std::uint32_t first = 0;  // the byte at which the shown part begins
  std::size_t indent = 0;   // columns in front of it ("...")
};

class Renderer {
 public:
  Renderer(const source::File& file, bool colours) : file_(file), colours_(colours ? ansi : plain) {}

  std::string render(const Diagnostic& d) {
    marks_ = marks_of(d);
    width_ =
        std::to_string(file_.position(std::max_element(marks_.begin(), marks_.end(), later)->span.begin).line)
            .size();
    out_.clear();
    header(d);
    snippet();
    footer(d);
    return out_ + "\n";
  }

 private:
  static bool later(const Mark& a, const Mark& b) { return a.span.begin < b.span.begin; }

  static std::vector<Mark> marks_of(const Diagnostic& d) {
    std::vector<Mark> marks{{d.span, d.label, true}};
    for (const Label& label : d.labels) marks.push_back({label.span, label.text, false});
    return marks;
  }

  void header(const Diagnostic& d) {
    const bool error = row(d.code).is_error;
    out_ += fmt::format("{}{}[{}]{}{}: {}{}\n", error ? colours_.error : colours_.warning,
                        error ? "error" : "warning", text(d.code), colours_.reset, colours_.bold, d.message,
                        colours_.reset);
    const source::Position at = file_.position(d.span.begin);
    out_ += fmt::format("{:{}}{}-->{} {}:{}:{}\n", "", width_, colours_.frame, colours_.reset, file_.name(),
                        at.line, at.column);
  }

  void gutter(const std::string& number, const std::string& content) {
    out_ += fmt::format("{}{:>{}} |{}", colours_.frame, number, width_, colours_.reset);
    if (!content.empty()) out_ += " " + content;
    out_ += "\n";
  }

  // One line of source for each line that is marked, with its marks below.
  void snippet() {
    std::set<std::uint32_t> lines;
    for (const Mark& mark : marks_) lines.insert(file_.line_at(mark.span.begin).begin);
    gutter("", "");
    std::uint32_t previous = 0;
    for (const std::uint32_t begin : lines) {
      const std::uint32_t number = file_.position(begin).line;
      if (previous != 0 && number > previous + 1) out_ += "...\n";
      marked_line(file_.line_at(begin), number);
      previous = number;
    }
  }

  void marked_line(source::Span line, std::uint32_t number) {
    std::vector<Mark> here;
    for (const Mark& mark : marks_)
      if (file_.line_at(mark.span.begin).begin == line.begin) here.push_back(mark);
    std::stable_sort(here.begin(), here.end(),
                     [](const Mark& a, const Mark& b) { return a.primary > b.primary; });
    const ShownLine shown = show(line, here.front().span);
    gutter(std::to_string(number), shown.text);
    for (const Mark& mark : here) underline(line, shown, mark);
  }

  [[nodiscard]] std::size_t characters(std::uint32_t begin, std::uint32_t end) const {
    const std::string_view bytes = file_.text({begin, end});
    return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), begins_character));
  }

  // Moves `at` by up to `count` characters to the left.
  [[nodiscard]] std::uint32_t step_back(std::uint32_t at, std::uint32_t begin, std::size_t count) const {
    while (at > begin && count > 0)
      if (begins_character(file_.text()[--at])) --count;
    return at;
  }

  [[nodiscard]] ShownLine show(source::Span line, source::Span span) const {
    ShownLine shown{"", line.begin, 0};
    if (line.end - line.begin > max_width && characters(line.begin, line.end) > max_width &&
        characters(line.begin, span.end) > max_width) {
      shown.first = step_back(span.begin, line.begin, lead);
      shown.indent = 3;
      shown.text = "...";
    }
    std::size_t columns = 0;
    for (std::uint32_t at = shown.first; at < line.end; ++at) {
      const char c = file_.text()[at];
      if (begins_character(c) && ++columns > max_width) return shown.text += "...", shown;
      shown.text += static_cast<unsigned char>(c) < 0x20 || c == 0x7F ? ' ' : c;
    }
    return shown;
  }

  void underline(source::Span line, const ShownLine& shown, const Mark& mark) {
    const std::uint32_t begin = std::max(mark.span.begin, shown.first);
    const std::uint32_t end = std::clamp(mark.span.end, begin, std::max(begin, line.end));
    const std::size_t columns = std::clamp<std::size_t>(characters(begin, end), 1, max_width);
    const char* colour = mark.primary ? colours_.error : colours_.frame;
    std::string content(shown.indent + characters(shown.first, begin), ' ');
    content += colour + std::string(columns, mark.primary ? '^' : '-');
    if (!mark.text.empty()) content += " " + mark.text;
    gutter("", content + colours_.reset);
  }

  void footer(const Diagnostic& d) {
    if (d.notes.empty() && d.help.empty()) return;
    gutter("", "");
    for (const std::string& note : d.notes) annotation("note", note);
    if (!d.help.empty()) annotation("help", d.help);
  }

  void annotation(const char* kind, const std::string& words) {
    out_ += fmt::format("{:{}} {}= {}:{} {}\n", "", width_, colours_.frame, kind, colours_.reset, words);
  }

  const source::File& file_;
  Colours colours_;
  std::vector<Mark> marks_;
  std::size_t width_ = 1;
  std::string out_;
};

}  // namespace

std::string render(const Sink& sink, bool colours) {
  std::string out;
  Renderer renderer(sink.file(), colours);
  for (const Diagnostic& d : sink.sorted()) out += renderer.render(d);
  return out;
}

}  // namespace backfill::diagnostic
