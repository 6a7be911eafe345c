// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/ddl_dialect.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>

#include "runtime/database/postgres/ddl.h"
#include "runtime/database/postgres/sql_text.h"
#include "runtime/database/sqlite/ddl.h"

namespace backfill::database {

namespace {

using postgres::Token;
using postgres::TokenKind;

// Enough to tell: a dump says it within its first tables.
constexpr std::size_t kRead = 256 * 1024;

// Between blanks. Pairs are two words side by side, joined by `_`.
constexpr std::string_view kPostgres =
    " serial bigserial smallserial jsonb bytea timestamptz plpgsql nextval regclass search_path set_config "
    "pg_catalog tsvector citext inherits btree inet hstore set_statement_timeout character_varying "
    "as_identity create_type create_domain create_schema create_extension create_sequence table_only "
    "owner_to partition_of time_zone comment_on double_precision default_now ";
constexpr std::string_view kSqlite = " autoincrement pragma rowid sqlite_sequence strict glob ";
constexpr std::string_view kMariadb =
    " auto_increment engine unsigned charset mediumint tinyint longtext mediumtext lock_tables datetime "
    "int_unsigned varbinary ";

// `words` stand between blanks.
std::set<std::string_view> set_of(std::string_view words) {
  std::set<std::string_view> set;
  for (std::size_t at = 1; at < words.size();) {
    const std::size_t end = words.find(' ', at);
    set.insert(words.substr(at, end - at));
    at = end + 1;
  }
  return set;
}

struct Evidence {
  int postgres = 0, sqlite = 0, mariadb = 0;

  void weigh(const std::string& word) {
    static const auto of_postgres = set_of(kPostgres), of_sqlite = set_of(kSqlite),
                      of_mariadb = set_of(kMariadb);
    if (of_postgres.contains(word)) ++postgres;
    if (of_sqlite.contains(word)) ++sqlite;
    if (of_mariadb.contains(word)) ++mariadb;
  }
};

std::string in_small_letters(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::string_view said(std::string_view sql) {
  constexpr std::string_view kSays = "-- dialect: ";
  for (std::size_t at = 0; at < sql.size();) {
    const std::size_t end = std::min(sql.find('\n', at), sql.size());
    std::string_view line = sql.substr(at, end - at);
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r')) line.remove_suffix(1);
    if (line.starts_with(kSays)) return line.substr(kSays.size());
    if (!line.empty() && !line.starts_with("--")) return {};
    at = end + 1;
  }
  return {};
}

Evidence weigh(std::string_view sql) {
  Evidence evidence;
  std::string last;
  Token token;
  for (std::size_t at = 0; postgres::next_token(sql, at, token); at = token.end) {
    const char c = sql[token.begin];
    if (token.kind == TokenKind::Symbol) {
      if (c == ':' && sql.substr(token.end, 1) == ":") ++evidence.postgres;
      if (c == '\\') evidence.postgres += 3;  // psql's `\connect`
      if (c == '`') ++evidence.mariadb;
      if (c == '[' && !last.empty() && sql.substr(token.end, 1) != "]") ++evidence.sqlite;
    }
    if (token.kind != TokenKind::Word) {
      last.clear();
      continue;
    }
    std::string word = in_small_letters(sql.substr(token.begin, token.end - token.begin));
    evidence.weigh(word);
    if (!last.empty()) evidence.weigh(last + "_" + word);
    if (word == "public" && sql.substr(token.end, 1) == ".") ++evidence.postgres;
    last = std::move(word);
  }
  return evidence;
}

}  // namespace

std::string_view ddl_dialect(std::string_view sql) {
  for (const std::string_view known : {"postgres", "sqlite", "mariadb"})
    if (said(sql) == known) return known;
  const Evidence evidence = weigh(sql.substr(0, kRead));
  if (evidence.postgres > evidence.sqlite && evidence.postgres > evidence.mariadb) return "postgres";
  return evidence.mariadb > evidence.sqlite ? "mariadb" : "sqlite";
}

Result<schema::Catalog> catalog_from_text(std::string_view sql, std::string_view name) {
  const std::string_view dialect = ddl_dialect(sql);
  if (dialect == "postgres") return postgres::catalog_from_sql(sql, name);
  if (dialect == "sqlite") return sqlite::catalog_from_sql(sql, name);
  return fatal(
      fmt::format("{}: the file seems to be written in MariaDB's DDL, which this version does not read",
                  name),
      "PostgreSQL's and SQLite's are read; a first line `-- dialect: postgres` or `-- dialect: sqlite` says "
      "which it is");
}

}  // namespace backfill::database
