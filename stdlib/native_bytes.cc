// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_bytes.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <optional>
#include <string>

#include "stdlib/bug.h"
#include "stdlib/utf8.h"

namespace backfill::stdlib::native_bytes {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
std::uint8_t byte(char c) {
  return static_cast<std::uint8_t>(c);
}

std::string hex(std::string_view bytes) {
  std::string result;
  for (const char c : bytes) {
    result += kHex[byte(c) >> 4];
    result += kHex[byte(c) & 15];
  }
  return result;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

std::optional<std::string> from_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string result;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_digit(digits[i]), low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    result += static_cast<char>(high << 4 | low);
  }
  return result;
}

std::string base64(std::string_view bytes, std::string_view alphabet, bool padded) {
  std::string result;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t count = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) group = group << 8 | (k < count ? byte(bytes[i + k]) : 0U);
    for (std::size_t k = 0; k < 4; ++k) {
      if (k <= count)
        result += alphabet[group >> (18 - 6 * k) & 63U];
      else if (padded)
        result += '=';
    }
  }
  return result;
}

// Exactly what encoding gives: what decodes otherwise is no encoding of it.
std::optional<std::string> from_base64(std::string_view text, std::string_view alphabet, bool padded) {
  std::string result;
  std::uint32_t bits = 0;
  int held = 0;
  for (const char c : text.substr(0, text.find('='))) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = bits << 6 | static_cast<std::uint32_t>(value);
    held += 6;
    if (held < 8) continue;
    held -= 8;
    result += static_cast<char>(bits >> held & 255U);
  }
  if (base64(result, alphabet, padded) != text) return std::nullopt;
  return result;
}

struct Digest {
  const char* name;
  EVP_MD* method = EVP_MD_fetch(nullptr, name, nullptr);  // for the life of the process
};

std::string_view digest(const Digest& digest, Text value, std::array<char, EVP_MAX_MD_SIZE>& out) {
  BACKFILL_CHECK(digest.method != nullptr, "libcrypto has no such digest");
  unsigned size = 0;
  const int done = EVP_Digest(value.data, static_cast<std::size_t>(value.size),
                              reinterpret_cast<unsigned char*>(out.data()), &size, digest.method, nullptr);
  BACKFILL_CHECK(done == 1, "libcrypto cannot compute a digest");
  return {out.data(), size};
}

Text digested(Context& context, const Digest& how, Text value) {
  std::array<char, EVP_MAX_MD_SIZE> out;
  return context.arena->copy(digest(how, value, out));
}

constexpr std::array<std::uint32_t, 256> crc_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t crc = i;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1U) != 0 ? 0xEDB88320U : 0U);
    table[i] = crc;
  }
  return table;
}
constexpr std::array<std::uint32_t, 256> kCrc = crc_table();

Text slice(Text text, std::int64_t from, std::int64_t to) {
  return {text.data + from, to - from};
}

}  // namespace

std::int32_t length(Context&, Text value) {
  return static_cast<std::int32_t>(value.size);
}

Text join(Context& context, Text first, Text second) {
  char* out = context.arena->allocate(static_cast<std::size_t>(first.size + second.size));
  if (first.size != 0) std::memcpy(out, first.data, static_cast<std::size_t>(first.size));
  if (second.size != 0) std::memcpy(out + first.size, second.data, static_cast<std::size_t>(second.size));
  return {out, first.size + second.size};
}

Text substr(Context& context, Text value, std::int32_t start, std::int32_t count) {
  if (start < 1 || count < 0) return fail(context, RowError::OutOfDomain);
  const std::int64_t begin = std::min<std::int64_t>(start - 1, value.size);
  return slice(value, begin, std::min<std::int64_t>(begin + count, value.size));
}

std::int32_t get_byte(Context& context, Text value, std::int32_t index) {
  if (index < 0 || index >= value.size) return fail(context, RowError::OutOfDomain);
  return byte(value.data[index]);
}

Text from_text(Context&, Text value) {
  return value;
}

Text to_text(Context& context, Text value) {
  // No database's text holds a NUL.
  if (!utf8::valid(view(value)) || view(value).find('\0') != std::string_view::npos)
    return fail(context, RowError::InvalidUtf8);
  return value;
}

Text encode(Context& context, Text value, Text format) {
  if (view(format) == "hex") return context.arena->copy(hex(view(value)));
  if (view(format) == "base64") return context.arena->copy(base64(view(value), kBase64, true));
  if (view(format) == "base64url") return context.arena->copy(base64(view(value), kBase64Url, false));
  return fail(context, RowError::OutOfDomain);
}

Text decode(Context& context, Text value, Text format) {
  std::optional<std::string> bytes;
  if (view(format) == "hex") {
    bytes = from_hex(view(value));
  } else if (view(format) == "base64") {
    bytes = from_base64(view(value), kBase64, true);
  } else if (view(format) == "base64url") {
    bytes = from_base64(view(value), kBase64Url, false);
  } else {
    return fail(context, RowError::OutOfDomain);
  }
  if (!bytes) return fail(context, RowError::ConversionFailed);
  return context.arena->copy(*bytes);
}

Text md5(Context& context, Text value) {
  static const Digest how{"MD5"};
  std::array<char, EVP_MAX_MD_SIZE> out;
  return context.arena->copy(hex(digest(how, value, out)));
}
Text sha1(Context& context, Text value) {
  static const Digest how{"SHA1"};
  return digested(context, how, value);
}
Text sha224(Context& context, Text value) {
  static const Digest how{"SHA224"};
  return digested(context, how, value);
}
Text sha256(Context& context, Text value) {
  static const Digest how{"SHA256"};
  return digested(context, how, value);
}
Text sha384(Context& context, Text value) {
  static const Digest how{"SHA384"};
  return digested(context, how, value);
}
Text sha512(Context& context, Text value) {
  static const Digest how{"SHA512"};
  return digested(context, how, value);
}

std::int64_t crc32(Context&, Text value) {
  std::uint32_t crc = 0xFFFFFFFFU;
  for (const char c : view(value)) crc = crc >> 8 ^ kCrc[(crc ^ byte(c)) & 255U];
  return crc ^ 0xFFFFFFFFU;
}

// RFC 4122, 4.3.
Text uuid_v5(Context& context, Text name_space, Text name) {
  static const Digest how{"SHA1"};
  std::string digits;
  for (const char c : view(name_space))
    if (c != '-') digits += c;
  std::string hashed = from_hex(digits).value_or("");
  hashed += view(name);
  std::array<char, EVP_MAX_MD_SIZE> out;
  std::string bytes(
      digest(how, {hashed.data(), static_cast<std::int64_t>(hashed.size())}, out).substr(0, 16));
  bytes[6] = static_cast<char>((byte(bytes[6]) & 0x0F) | 0x50);
  bytes[8] = static_cast<char>((byte(bytes[8]) & 0x3F) | 0x80);
  std::string text = hex(bytes);
  for (const std::size_t at : {20U, 16U, 12U, 8U}) text.insert(at, 1, '-');
  return context.arena->copy(text);
}

std::int32_t uuid_version(Context&, Text uuid) {
  return hex_digit(uuid.data[14]);
}

bool is_uuid(Context&, Text value) {
  std::string_view text = view(value);
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool hyphen = i == 8 || i == 13 || i == 18 || i == 23;
    if (hyphen ? text[i] != '-' : hex_digit(text[i]) < 0) return false;
  }
  return true;
}

}  // namespace backfill::stdlib::native_bytes
