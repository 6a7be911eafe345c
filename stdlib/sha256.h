// SPDX-License-Identifier: Apache-2.0
// SHA-256 of what comes piece by piece.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace backfill::stdlib {

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&& other) noexcept;
  Sha256& operator=(Sha256&&) = delete;

  void add(std::string_view piece);
  [[nodiscard]] std::string hex();  // 64 digits, lower case; ends it

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace backfill::stdlib
