// SPDX-License-Identifier: Apache-2.0
#include "compiler/schema/catalog.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

namespace backfill::schema {

namespace {

char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool same_name(std::string_view left, std::string_view right) {
  return left.size() == right.size() && std::equal(left.begin(), left.end(), right.begin(),
                                                   [](char a, char b) { return lower(a) == lower(b); });
}

bool same_name(std::string_view left, std::string_view right, bool exact) {
  return exact ? left == right : same_name(left, right);
}

bool is_word(std::string_view name) {
  const auto letter = [](char c) { return (lower(c) >= 'a' && lower(c) <= 'z') || c == '_'; };
  return !name.empty() && letter(name.front()) &&
         std::ranges::all_of(name, [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

// Takes one part and the dot behind it off the front. False: no name stands there.
bool take_part(std::string_view& text, std::string& part) {
  part.clear();
  if (!text.starts_with('"')) {
    part = text.substr(0, text.find('.'));
    text.remove_prefix(std::min(text.size(), part.size() + 1));
    return !part.empty();
  }
  for (text.remove_prefix(1); !text.empty(); text.remove_prefix(1)) {
    if (text.front() == '"' && !text.starts_with("\"\"")) break;
    if (text.front() == '"') text.remove_prefix(1);
    part += text.front();
  }
  if (text.empty()) return false;
  text.remove_prefix(1);
  if (text.empty()) return true;
  if (text.front() != '.') return false;
  text.remove_prefix(1);
  return !text.empty();
}

// FNV-1a over length-prefixed pieces, so that no two lists of pieces run together.
class Hash {
 public:
  void add(std::string_view piece) {
    add_number(piece.size());
    for (char c : piece) add_byte(static_cast<unsigned char>(c));
  }
  void add_number(std::uint64_t number) {
    for (int i = 0; i < 8; ++i) add_byte(static_cast<unsigned char>(number >> (8 * i)));
  }
  [[nodiscard]] std::string hex() const { return fmt::format("{:016x}", state_); }

 private:
  void add_byte(unsigned char byte) { state_ = (state_ ^ byte) * 0x100000001b3ULL; }
  std::uint64_t state_ = 0xcbf29ce484222325ULL;
};

}  // namespace

int Table::find(std::string_view column) const {
  for (std::size_t i = 0; i < columns.size(); ++i)
    if (same_name(columns[i].name, column, exact_names)) return static_cast<int>(i);
  return -1;
}

const Key* Table::primary_key() const {
  for (const Key& key : keys)
    if (key.primary) return &key;
  return nullptr;
}

bool Table::unique(const std::vector<int>& of) const {
  auto named = [&](int column) { return std::find(of.begin(), of.end(), column) != of.end(); };
  // A unique key over a nullable column lets any number of rows be NULL there, so it proves nothing.
  auto required = [&](int column) { return !columns[static_cast<std::size_t>(column)].type.optional; };
  return std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
    return !key.partial && !key.columns.empty() &&
           std::all_of(key.columns.begin(), key.columns.end(), named) &&
           std::all_of(key.columns.begin(), key.columns.end(), required);
  });
}

std::string Table::qualified_name() const {
  return schema.empty() ? name : spelled(schema) + "." + spelled(name);
}

std::vector<const Table*> Catalog::named(std::string_view schema, std::string_view name) const {
  std::vector<const Table*> found;
  for (const Table& table : tables) {
    if (!schema.empty() && !same_name(table.schema, schema, table.exact_names)) continue;
    if (same_name(table.name, name, table.exact_names)) found.push_back(&table);
  }
  return found;
}

const Table* Catalog::find(std::string_view table) const {
  for (const Table& candidate : tables)
    if (candidate.schema.empty() && same_name(candidate.name, table, candidate.exact_names))
      return &candidate;
  const std::optional<TableName> parts = table_name(table);
  if (!parts) return nullptr;
  const auto found = named(parts->schema, parts->name);
  return found.size() == 1 ? found.front() : nullptr;
}

std::optional<TableName> table_name(std::string_view text) {
  TableName parts;
  if (!take_part(text, parts.name)) return {};
  if (text.empty()) return parts;
  parts.schema = std::move(parts.name);
  if (!take_part(text, parts.name) || !text.empty()) return {};
  return parts;
}

std::string spelled(std::string_view name) {
  if (is_word(name)) return std::string(name);
  std::string quoted = "\"";
  for (const char c : name) quoted.append(c == '"' ? 2 : 1, c);
  return quoted + '"';
}

std::string fingerprint(const Table& table) {
  Hash hash;
  if (!table.schema.empty()) hash.add(table.schema);
  hash.add(table.name);
  hash.add_number((table.strict ? 1U : 0U) + (table.without_rowid ? 2U : 0U));
  hash.add_number(table.columns.size());
  for (const Column& column : table.columns) {
    hash.add(column.name);
    hash.add(column.sql_type);
    hash.add(stdlib::to_string(column.type));
    hash.add(column.collation);
    hash.add_number((column.not_null ? 1U : 0U) + (column.generated ? 2U : 0U) + (column.identity ? 4U : 0U) +
                    (column.identity_always ? 8U : 0U));
  }
  // Keys as a set: in which order a database lists them says nothing.
  std::vector<std::string> keys;
  for (const Key& key : table.keys)
    keys.push_back(
        fmt::format("{}{}:{}", key.primary ? "p" : "u", key.partial ? "-" : "", fmt::join(key.columns, ",")));
  std::sort(keys.begin(), keys.end());
  hash.add_number(keys.size());
  for (const std::string& key : keys) hash.add(key);
  return hash.hex();
}

}  // namespace backfill::schema
