// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/addresses.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <array>
#include <charconv>
#include <cstdint>

namespace backfill::database::postgres {

namespace {

constexpr char kV4 = 2, kV6 = 3;  // PostgreSQL's own numbers
constexpr std::size_t kHead = 4;  // family, bits, is it a cidr, bytes of the address

using Words = std::array<unsigned, 8>;

unsigned byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<unsigned char>(bytes[at]);
}

std::string v4(std::string_view bytes) {
  return fmt::format("{}.{}.{}.{}", byte_at(bytes, 0), byte_at(bytes, 1), byte_at(bytes, 2),
                     byte_at(bytes, 3));
}

struct Run {
  int base = -1, length = 0;
};

// The first of the longest runs of zeros; of one zero none is left out.
Run zeros(const Words& words) {
  Run best, now;
  for (int i = 0; i < 8; ++i) {
    if (words[static_cast<std::size_t>(i)] != 0) {
      now = {};
      continue;
    }
    now = now.base < 0 ? Run{i, 1} : Run{now.base, now.length + 1};
    if (now.length > best.length) best = now;
  }
  return best.length < 2 ? Run() : best;
}

// The server's inet_net_ntop: addresses that hold one of the fourth version are written with it.
std::string v6(std::string_view bytes) {
  Words words{};
  for (std::size_t i = 0; i < 8; ++i) words[i] = byte_at(bytes, 2 * i) * 256 + byte_at(bytes, 2 * i + 1);
  const Run best = zeros(words);
  const bool holds_v4 = best.base == 0 && (best.length == 6 || (best.length == 7 && words[7] != 1) ||
                                           (best.length == 5 && words[5] == 0xFFFFU));
  std::string text;
  for (int i = 0; i < 8; ++i) {
    if (best.base >= 0 && i >= best.base && i < best.base + best.length) {
      if (i == best.base) text += ':';
      continue;
    }
    if (i != 0) text += ':';
    if (i == 6 && holds_v4) return text + v4(bytes.substr(12));
    text += fmt::format("{:x}", words[static_cast<std::size_t>(i)]);
  }
  if (best.base >= 0 && best.base + best.length == 8) text += ':';
  return text;
}

}  // namespace

std::optional<std::string> text_of_address(std::string_view bytes) {
  if (bytes.size() < kHead || bytes.size() != kHead + byte_at(bytes, 3)) return std::nullopt;
  const std::string_view address = bytes.substr(kHead);
  const bool is_v4 = bytes[0] == kV4;
  if (address.size() != (is_v4 ? 4U : 16U) || (!is_v4 && bytes[0] != kV6)) return std::nullopt;
  return fmt::format("{}/{}", is_v4 ? v4(address) : v6(address), byte_at(bytes, 1));
}

std::optional<std::string> address_of_text(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string address(text.substr(0, slash));
  const std::string_view length = text.substr(slash + 1);
  int bits = -1;
  const auto read = std::from_chars(length.data(), length.data() + length.size(), bits);
  const bool is_v6 = address.find(':') != std::string::npos;
  std::string bytes(is_v6 ? 16 : 4, '\0');
  if (read.ec != std::errc() || read.ptr != length.data() + length.size() || bits < 0 ||
      bits > (is_v6 ? 128 : 32) || inet_pton(is_v6 ? AF_INET6 : AF_INET, address.c_str(), bytes.data()) != 1)
    return std::nullopt;
  std::string all{is_v6 ? kV6 : kV4, static_cast<char>(bits), '\0', static_cast<char>(bytes.size())};
  all += bytes;
  if (text_of_address(all) != text) return std::nullopt;
  return all;
}

}  // namespace backfill::database::postgres
