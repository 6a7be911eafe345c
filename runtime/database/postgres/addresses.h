// SPDX-License-Identifier: Apache-2.0
// inet: an address of a network as text, and back, in PostgreSQL's binary form.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace backfill::database::postgres {

// "10.0.0.1/32", "2001:db8::/32": as `inet::text` writes it, always with the length of its mask. Nothing: it
// is no address.
[[nodiscard]] std::optional<std::string> text_of_address(std::string_view bytes);
// What text_of_address gives, as the bytes. Nothing: it is of no such form.
[[nodiscard]] std::optional<std::string> address_of_text(std::string_view text);

}  // namespace backfill::database::postgres
