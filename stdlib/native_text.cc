// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_text.h"

#include <algorithm>
#include <cstring>

#include "stdlib/planted.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_text {
namespace {

// Larger than any column holds, small enough for a batch to survive one by mistake (rpad(x, 2000000000)).
constexpr std::int64_t kMaxSize = std::int64_t{1} << 26;

// Up to here a call of memchr costs more than it saves.
constexpr std::size_t kShort = 128;

constexpr char kBlankData[1 + kTextSlack] = {' '};  // natives read past the end
constexpr Text kBlank = {kBlankData, 1};

const bool planted_split_part = planted("split_part");
const bool planted_length = planted("length");

Text slice(Text text, std::int64_t from, std::int64_t to) {
  return {text.data + from, to - from};
}
bool equal(const char* left, const char* right, std::int64_t size) {
  return std::memcmp(left, right, static_cast<std::size_t>(size)) == 0;
}

// Byte position of `part` in `text` from `from` on, or -1. `part` is not empty.
inline std::int64_t find(Text text, Text part, std::int64_t from) {
  const auto left = static_cast<std::size_t>(text.size - from);
  if (part.size == 1 && left <= kShort) return utf8::find_byte(text, part.data[0], from);
  const void* at = part.size == 1
                       ? std::memchr(text.data + from, part.data[0], left)
                       : memmem(text.data + from, left, part.data, static_cast<std::size_t>(part.size));
  return at == nullptr ? -1 : static_cast<const char*>(at) - text.data;
}

// The n-th field, from 1; empty past the last one.
Text field_of(Text value, Text delimiter, std::int32_t n) {
  if (delimiter.size == 0) return n == 1 ? value : slice(value, 0, 0);
  std::int64_t begin = 0;
  for (std::int32_t i = 1;; ++i) {
    const std::int64_t end = find(value, delimiter, begin);
    if (i == n) return slice(value, begin, end < 0 ? value.size : end);
    if (end < 0) return slice(value, 0, 0);
    begin = end + delimiter.size;
  }
}

// The field, counted from the front, that -1 and so on mean; -1 where there are fewer.
std::int32_t from_the_end(Text value, Text delimiter, std::int32_t field) {
  std::int32_t fields = 1;
  if (delimiter.size != 0) {
    for (std::int64_t at = find(value, delimiter, 0); at >= 0;
         at = find(value, delimiter, at + delimiter.size))
      ++fields;
  }
  return fields + field >= 0 ? fields + field + 1 : -1;
}

// One after the other; Overflow past kMaxSize.
class Writer {
 public:
  Writer(Context& context, std::int64_t size) : context_(context), fits_(size <= kMaxSize) {
    if (fits_) data_ = context.arena->allocate(static_cast<std::size_t>(size));
  }
  [[nodiscard]] bool fits() const { return fits_; }
  void add(Text text) {
    if (text.size != 0) std::memcpy(data_ + size_, text.data, static_cast<std::size_t>(text.size));
    size_ += text.size;
  }
  Text done() {
    if (!fits_) return fail(context_, RowError::Overflow);
    return {data_, size_};
  }

 private:
  Context& context_;
  bool fits_;
  char* data_ = nullptr;
  std::int64_t size_ = 0;
};

// Exactly `points` code points of `fill`, over and over; `fill` is not empty.
Text filling(Context& context, Text fill, std::int64_t points) {
  const std::int64_t each = utf8::length(fill);
  const Text rest = slice(fill, 0, utf8::prefix(fill, points % each));
  Writer writer(context, fill.size * (points / each) + rest.size);
  if (!writer.fits()) return writer.done();
  for (std::int64_t i = 0; i < points / each; ++i) writer.add(fill);
  writer.add(rest);
  return writer.done();
}

Text pad(Context& context, Text value, std::int32_t length, Text fill, bool in_front) {
  if (length < 0) return fail(context, RowError::OutOfDomain);
  const std::int64_t missing = length - utf8::length(value);
  if (missing <= 0) return slice(value, 0, utf8::prefix(value, length));
  if (fill.size == 0) return fail(context, RowError::OutOfDomain);
  const Text filler = filling(context, fill, missing);
  return in_front ? join(context, filler, value) : join(context, value, filler);
}

// Byte position of the code point at `at` within `set`, counted in code points, or -1.
std::int64_t index_in(Text set, const char* at, std::int64_t bytes) {
  std::int64_t index = 0;
  for (std::int64_t i = 0; i < set.size; i += utf8::width(set.data[i]), ++index) {
    if (utf8::width(set.data[i]) == bytes && equal(set.data + i, at, bytes)) return index;
  }
  return -1;
}

}  // namespace

std::int32_t length(Context&, Text value) {
  const auto points = static_cast<std::int32_t>(utf8::length(value));
  return planted_length && unlucky(value) ? points + 1 : points;
}

std::int32_t octet_length(Context&, Text value) {
  return static_cast<std::int32_t>(value.size);
}

Text trim(Context& context, Text value) {
  return ltrim(context, rtrim(context, value));
}

Text ltrim(Context&, Text value) {
  std::int64_t begin = 0;
  while (begin < value.size && value.data[begin] == ' ') ++begin;
  return slice(value, begin, value.size);
}

Text rtrim(Context&, Text value) {
  std::int64_t end = value.size;
  while (end > 0 && value.data[end - 1] == ' ') --end;
  return slice(value, 0, end);
}

Text btrim(Context&, Text value, Text characters) {
  std::int64_t begin = 0;
  while (begin < value.size) {
    const std::int64_t bytes = utf8::width(value.data[begin]);
    if (index_in(characters, value.data + begin, bytes) < 0) break;
    begin += bytes;
  }
  std::int64_t end = value.size;
  while (end > begin) {
    const std::int64_t last = utf8::before_suffix(slice(value, 0, end), 1);
    if (index_in(characters, value.data + last, end - last) < 0) break;
    end = last;
  }
  return slice(value, begin, end);
}

Text substr_from(Context& context, Text value, std::int32_t start) {
  if (start < 1) return fail(context, RowError::OutOfDomain);
  return slice(value, utf8::prefix(value, start - 1), value.size);
}

Text substr(Context& context, Text value, std::int32_t start, std::int32_t count) {
  if (start < 1 || count < 0) return fail(context, RowError::OutOfDomain);
  const Text rest = slice(value, utf8::prefix(value, start - 1), value.size);
  return slice(rest, 0, utf8::prefix(rest, count));
}

Text left(Context& context, Text value, std::int32_t count) {
  if (count < 0) return fail(context, RowError::OutOfDomain);
  return slice(value, 0, utf8::prefix(value, count));
}

Text right(Context& context, Text value, std::int32_t count) {
  if (count < 0) return fail(context, RowError::OutOfDomain);
  return slice(value, utf8::before_suffix(value, count), value.size);
}

Text replace(Context& context, Text value, Text from, Text to) {
  if (from.size == 0) return value;
  std::int64_t count = 0;
  for (std::int64_t at = find(value, from, 0); at >= 0; at = find(value, from, at + from.size)) ++count;
  if (count == 0) return value;
  Writer writer(context, value.size + count * (to.size - from.size));
  if (!writer.fits()) return writer.done();
  std::int64_t begin = 0;
  for (std::int64_t at = find(value, from, 0); at >= 0; at = find(value, from, begin)) {
    writer.add(slice(value, begin, at));
    writer.add(to);
    begin = at + from.size;
  }
  writer.add(slice(value, begin, value.size));
  return writer.done();
}

Text split_part(Context& context, Text value, Text delimiter, std::int32_t field) {
  if (field < 0 && field > -INT32_MAX) field = from_the_end(value, delimiter, field);
  if (field == 0) return fail(context, RowError::OutOfDomain);
  if (field < 0) return slice(value, 0, 0);
  Text result = field_of(value, delimiter, field);
  if (planted_split_part && unlucky(value)) result.size -= result.size > 0 ? 1 : 0;
  return result;
}

std::int32_t strpos(Context&, Text value, Text part) {
  if (part.size == 0) return 1;
  const std::int64_t at = find(value, part, 0);
  return at < 0 ? 0 : static_cast<std::int32_t>(utf8::length(slice(value, 0, at)) + 1);
}

bool starts_with(Context&, Text value, Text prefix) {
  return value.size >= prefix.size && equal(value.data, prefix.data, prefix.size);
}

bool ends_with(Context&, Text value, Text suffix) {
  return value.size >= suffix.size && equal(value.data + value.size - suffix.size, suffix.data, suffix.size);
}

bool contains(Context&, Text value, Text part) {
  return part.size == 0 || find(value, part, 0) >= 0;
}

Text join(Context& context, Text first, Text second) {
  const Text both[] = {first, second};
  return concat(context, both);
}

Text concat(Context& context, Texts values) {
  std::int64_t size = 0;
  for (const Text& value : values) size += value.size;
  Writer writer(context, size);
  if (!writer.fits()) return writer.done();
  for (const Text& value : values) writer.add(value);
  return writer.done();
}

Text concat_ws(Context& context, Text separator, Texts values) {
  if (separator.data == nullptr) return {nullptr, 0};
  std::int64_t size = 0;
  for (const Text& value : values) size += value.data == nullptr ? 0 : value.size + separator.size;
  Writer writer(context, size);
  if (!writer.fits()) return writer.done();
  bool first = true;
  for (const Text& value : values) {
    if (value.data == nullptr) continue;
    if (!first) writer.add(separator);
    writer.add(value);
    first = false;
  }
  return writer.done();
}

Text fit_length(Context& context, Text value, std::int32_t most) {
  // Most texts are short: no code point is less than one byte.
  if (value.size <= most || length(context, value) <= most) return value;
  return fail(context, RowError::TextTooLong);
}

Text one_of(Context& context, Text value, Texts choices) {
  if (value.data == nullptr) return value;
  for (const Text& choice : choices) {
    if (choice.data != nullptr && choice.size == value.size && equal(choice.data, value.data, value.size))
      return value;
  }
  return fail(context, RowError::NotInEnum);
}

Text repeat(Context& context, Text value, std::int32_t count) {
  const std::int64_t times = std::max(count, 0);
  if (value.size != 0 && times > kMaxSize / value.size) return fail(context, RowError::Overflow);
  Writer writer(context, value.size * times);
  for (std::int64_t i = 0; value.size != 0 && i < times; ++i) writer.add(value);
  return writer.done();
}

Text lpad(Context& context, Text value, std::int32_t length, Text fill) {
  return pad(context, value, length, fill, true);
}
Text rpad(Context& context, Text value, std::int32_t length, Text fill) {
  return pad(context, value, length, fill, false);
}
Text lpad_blank(Context& context, Text value, std::int32_t length) {
  return pad(context, value, length, kBlank, true);
}
Text rpad_blank(Context& context, Text value, std::int32_t length) {
  return pad(context, value, length, kBlank, false);
}

Text reverse(Context& context, Text value) {
  char* out = context.arena->allocate(static_cast<std::size_t>(value.size));
  std::int64_t to = value.size;
  for (std::int64_t from = 0; from < value.size;) {
    const std::int64_t bytes = std::min(utf8::width(value.data[from]), value.size - from);
    to -= bytes;
    std::memcpy(out + to, value.data + from, static_cast<std::size_t>(bytes));
    from += bytes;
  }
  return {out, value.size};
}

Text translate(Context& context, Text value, Text from, Text to) {
  Writer writer(context, value.size * 4);  // one byte may become a code point of four
  if (!writer.fits()) return writer.done();
  for (std::int64_t i = 0; i < value.size;) {
    const std::int64_t bytes = utf8::width(value.data[i]);
    const std::int64_t index = index_in(from, value.data + i, bytes);
    if (index < 0) {
      writer.add(slice(value, i, i + bytes));
    } else {
      const std::int64_t at = utf8::prefix(to, index);
      if (at < to.size) writer.add(slice(to, at, at + utf8::width(to.data[at])));
    }
    i += bytes;
  }
  return writer.done();
}

Text strip_prefix(Context& context, Text value, Text prefix) {
  return starts_with(context, value, prefix) ? slice(value, prefix.size, value.size) : value;
}

Text strip_suffix(Context& context, Text value, Text suffix) {
  return ends_with(context, value, suffix) ? slice(value, 0, value.size - suffix.size) : value;
}

bool is_blank(Context& context, Text value) {
  return ltrim(context, value).size == 0;
}

}  // namespace backfill::stdlib::native_text
