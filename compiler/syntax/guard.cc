// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/guard.h"

#include <algorithm>

#include <fmt/format.h>

namespace backfill::syntax {
namespace {

using diagnostic::Code;

constexpr std::size_t max_file = 16U << 20U;
constexpr std::size_t max_line = 256U << 10U;

// The length of the UTF-8 character at `at`, or 0.
std::size_t character_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) {
    return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U;
  };
  const auto continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  const unsigned first = byte(0);
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return continues(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return continues(1) && continues(2) && !overlong && !surrogate ? 3 : 0;
  }
  const bool in_range = first == 0xF0   ? byte(1) >= 0x90
                        : first == 0xF4 ? byte(1) < 0x90
                                        : first > 0xF0 && first < 0xF4;
  return in_range && continues(1) && continues(2) && continues(3) ? 4 : 0;
}

bool is_control(char c) {
  return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\r' && c != '\t') || c == 0x7F;
}

source::Span one_byte(std::size_t at) {
  return {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + 1)};
}

bool guard_characters(std::string_view text, diagnostic::Sink& sink) {
  for (std::size_t at = 0; at < text.size();) {
    if (is_control(text[at])) {
      sink.report({.code = Code::ControlCharacter,
                   .span = one_byte(at),
                   .message = fmt::format("the file holds a control character (byte 0x{:02x})", text[at])});
      return false;
    }
    const std::size_t length = character_length(text, at);
    if (length == 0) {
      sink.report(
          {.code = Code::NotUtf8,
           .span = one_byte(at),
           .message = fmt::format("byte 0x{:02x} is no UTF-8 here", static_cast<unsigned char>(text[at])),
           .help = "save the file as UTF-8"});
      return false;
    }
    at += length;
  }
  return true;
}

bool guard_lines(std::string_view text, diagnostic::Sink& sink) {
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    if (end - begin > max_line) {
      sink.report({.code = Code::LineTooLong,
                   .span = one_byte(begin),
                   .message = fmt::format("this line has {} bytes, more than {}", end - begin, max_line)});
      return false;
    }
    begin = end + 1;
  }
  return true;
}

}  // namespace

bool guard(const source::File& file, diagnostic::Sink& sink) {
  const std::string_view text = file.text();
  if (text.size() > max_file) {
    sink.report({.code = Code::FileTooLarge,
                 .message = fmt::format("this file has {} bytes, more than {}", text.size(), max_file)});
    return false;
  }
  return guard_lines(text, sink) && guard_characters(text, sink);
}

}  // namespace backfill::syntax
