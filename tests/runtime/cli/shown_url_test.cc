// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/shown_url.h"

#include <catch2/catch.hpp>

using backfill::cli::shell_word;
using backfill::cli::without_password;

TEST_CASE("a URL is shown without its password") {
  CHECK(without_password("postgres://ann:secret@db:5432/shop") == "postgres://ann@db:5432/shop");
  CHECK(without_password("postgres://ann:s@cr@t@db/shop") == "postgres://ann@db/shop");
  CHECK(without_password("postgres://db/shop?user=ann&password=secret&sslmode=require") ==
        "postgres://db/shop?user=ann&sslmode=require");
  CHECK(without_password("postgres:///shop?password=secret") == "postgres:///shop");
  CHECK(without_password("postgres:///shop?password=secret&user=ann") == "postgres:///shop?user=ann");
  CHECK(without_password("postgres:///shop?sslpassword=secret").find("secret") == std::string::npos);
  CHECK(without_password("postgres://db:5432/shop") == "postgres://db:5432/shop");
  CHECK(without_password("sqlite:/srv/a@b:c.db") == "sqlite:/srv/a@b:c.db");
}

TEST_CASE("a word is quoted where a shell would read more into it") {
  CHECK(shell_word("sqlite:shop.db") == "sqlite:shop.db");
  CHECK(shell_word("postgres:///shop?host=/tmp&user=ann") == "'postgres:///shop?host=/tmp&user=ann'");
  CHECK(shell_word("it's") == "'it'\\''s'");
  CHECK(shell_word("") == "''");
}
