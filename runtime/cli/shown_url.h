// SPDX-License-Identifier: Apache-2.0
// A database's URL as it may be shown: in a command that is suggested, in a message.
#pragma once

#include <string>
#include <string_view>

namespace backfill::cli {

// Without what stands for a password: behind the user's name, or as `password=...`.
[[nodiscard]] std::string without_password(std::string_view url);

// As one word of a POSIX shell: in quotes where it holds more than letters, digits and %+,-./:=@_
[[nodiscard]] std::string shell_word(std::string_view text);

}  // namespace backfill::cli
