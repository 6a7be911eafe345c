// SPDX-License-Identifier: Apache-2.0
#include "stdlib/sha256.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "stdlib/bug.h"

namespace backfill::stdlib {

struct Sha256::State {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context{EVP_MD_CTX_new()};
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  BACKFILL_CHECK(EVP_DigestInit_ex(state_->context.get(), EVP_sha256(), nullptr) == 1, "there is no SHA-256");
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&& other) noexcept = default;

void Sha256::add(std::string_view piece) {
  BACKFILL_CHECK(EVP_DigestUpdate(state_->context.get(), piece.data(), piece.size()) == 1, "SHA-256 failed");
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  BACKFILL_CHECK(EVP_DigestFinal_ex(state_->context.get(), digest.data(), &size) == 1, "SHA-256 failed");
  std::string text;
  for (unsigned i = 0; i < size; ++i) text += fmt::format("{:02x}", digest[i]);
  return text;
}

}  // namespace backfill::stdlib
