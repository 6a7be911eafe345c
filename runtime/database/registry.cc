// SPDX-License-Identifier: Apache-2.0
// Which database a URL names. A new database is a folder and a row here.
#include <fmt/format.h>
#include <algorithm>

#include "compiler/source/source.h"
#include "runtime/database/ddl_dialect.h"
#include "runtime/database/postgres/store.h"
#include "runtime/database/sqlite/store.h"
#include "runtime/database/store.h"

namespace backfill::database {

namespace {

struct Scheme {
  std::string_view prefix;
  Result<std::unique_ptr<Store>> (*open)(const std::string& rest, const OpenOptions& options);
};

// libpq takes the URL with its scheme.
Result<std::unique_ptr<Store>> open_postgres(const std::string& rest, const OpenOptions& options) {
  return postgres::open("postgresql:" + rest, options);
}

constexpr Scheme kSchemes[] = {
    {"sqlite:", sqlite::open},
    {"postgres:", open_postgres},
    {"postgresql:", open_postgres},
};

bool ends_with_any(std::string_view text, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return text.ends_with(ending); });
}

// A name only: what stands behind the scheme may hold a password.
std::string scheme_of(std::string_view url) {
  return std::string(url.substr(0, url.find(':')));
}

}  // namespace

Result<std::unique_ptr<Store>> open(const std::string& url, const OpenOptions& options) {
  for (const Scheme& scheme : kSchemes)
    if (url.starts_with(scheme.prefix)) return scheme.open(url.substr(scheme.prefix.size()), options);
  if (ends_with_any(url, {".db", ".sqlite", ".sqlite3", ".db3"})) return sqlite::open(url, options);
  if (url.find("://") != std::string::npos)
    return fatal(fmt::format("databases of the kind `{}` are not supported by this version", scheme_of(url)),
                 "this version knows `sqlite:path/to.db` and `postgres://user@host/database`");
  return fatal("the database URL has no scheme that this version knows",
               "write `sqlite:path/to.db` or `postgres://user@host/database`");
}

Result<schema::Catalog> catalog_from_ddl(const std::string& path) {
  BACKFILL_ASSIGN(const source::File file, source::read_file(path));
  return catalog_from_text(file.text(), path);
}

}  // namespace backfill::database
