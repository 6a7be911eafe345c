// SPDX-License-Identifier: Apache-2.0
// Bytes, their encodings, digests and UUIDs. A text is digested as its UTF-8.
#include <fmt/format.h>

#include "stdlib/native_bytes.h"
#include "stdlib/row.h"

namespace backfill::stdlib {
namespace {

namespace body = native_bytes;

// convert_from ends the statement at what is no UTF-8: its bytes in hex are asked first, by the table of the
// Unicode standard.
constexpr std::string_view kPostgresUtf8 =
    "CASE WHEN encode({0}, 'hex') ~ '^(0[1-9a-f]|[1-7][0-9a-f]|(c[2-9a-f]|d[0-9a-f])[89ab][0-9a-f]|"
    "e0[ab][0-9a-f][89ab][0-9a-f]|(e[1-9a-c]|e[ef])([89ab][0-9a-f]){{2}}|ed[89][0-9a-f][89ab][0-9a-f]|"
    "f0[9ab][0-9a-f]([89ab][0-9a-f]){{2}}|f[1-3]([89ab][0-9a-f]){{3}}|f48[0-9a-f]([89ab][0-9a-f]){{2}})*$' "
    "THEN "
    "convert_from({0}, 'UTF8') END";

// MariaDB would replace it. Possessive, so that nothing is kept to go back to.
constexpr std::string_view kMariaDbUtf8 =
    "CASE WHEN HEX({0}) REGEXP '^(?:0[1-9A-F]|[1-7][0-9A-F]|(?:C[2-9A-F]|D[0-9A-F])[89AB][0-9A-F]|"
    "E0[AB][0-9A-F][89AB][0-9A-F]|(?:E[1-9A-C]|E[EF])(?:[89AB][0-9A-F]){{2}}|ED[89][0-9A-F][89AB][0-9A-F]|"
    "F0[9AB][0-9A-F](?:[89AB][0-9A-F]){{2}}|F[1-3](?:[89AB][0-9A-F]){{3}}|"
    "F48[0-9A-F](?:[89AB][0-9A-F]){{2}})*+\\z' THEN CONVERT({0} USING utf8mb4) COLLATE utf8mb4_nopad_bin "
    "END";

const Parameter kBytes = {"value", make(Kind::Bytes)};
const Parameter kText = {"value", text()};
const Parameter kFormat = {"format", text()};
const auto as_int32 = always<Kind::Int32>;
const auto as_bytes = always<Kind::Bytes>;
const auto as_text = always<Kind::Text>;
constexpr std::string_view kNone = "there is no such function there";

Parameter count(std::string_view name) {
  return {name, make(Kind::Int32)};
}

void add_parts(std::vector<Function>& table) {
  Row(table, "bytes", "length", {kBytes}, as_int32)
      .body(native<&body::length>("bf_length_bytes"))
      .postgres(same("length({0})"))
      .sqlite(same("length({0})"))
      .mariadb(same("LENGTH({0})"))
      .doc("number of bytes")
      .examples({{"length(x'00ff')", "2"}, {"length(x'')", "0"}, {"length(missing as bytes)", "missing"}});
  Row(table, "operator", "||", {{"left", make(Kind::Bytes)}, {"right", make(Kind::Bytes)}}, as_bytes)
      .as_operator()
      .body(native<&body::join>("bf_join_bytes"))
      .postgres(same("{0:100} || {1:100}", 60))
      .sqlite(wrapped("CAST({0:100} || {1:100} AS BLOB)"))
      .mariadb(wrapped("CONCAT({0}, {1})"))
      .doc("one after the other")
      .examples(
          {{"x'00' || x'ff'", "x'00ff'"}, {"x'' || x''", "x''"}, {"x'00' || (missing as bytes)", "missing"}});
  Row(table, "bytes", "substr", {kBytes, count("start"), count("count")}, as_bytes)
      .body(native<&body::substr>("bf_substr_bytes"))
      .fails({RowError::OutOfDomain})
      .everywhere(wrapped("CASE WHEN {1:41} >= 1 AND {2:41} >= 0 THEN substr({0}, {1}, {2}) END"))
      // A part of nothing is NULL there.
      .sqlite(wrapped("CASE WHEN {1:41} >= 1 AND {2:41} >= 0 AND {0:41} IS NOT NULL THEN "
                      "coalesce(substr({0}, {1}, {2}), x'') END"))
      .doc("`count` bytes from the one at `start` (1 is the first)")
      .examples({{"substr(x'00ff41', 2, 1)", "x'ff'"},
                 {"substr(x'00ff41', 2, 9)", "x'ff41'"},
                 {"substr(x'00', 0, 1)", "error: argument out of domain"},
                 {"substr(x'00', missing, 1)", "missing"}});
  Row(table, "bytes", "get_byte", {kBytes, count("index")}, as_int32)
      .body(native<&body::get_byte>("bf_get_byte"))
      .fails({RowError::OutOfDomain})
      .postgres(wrapped("CASE WHEN {1:41} >= 0 AND {1:41} < length({0}) THEN get_byte({0}, {1}) END"))
      .sqlite(wrapped("CASE WHEN {1:41} >= 0 AND {1:41} < length({0}) THEN 16 * instr('123456789ABCDEF', "
                      "substr(hex(substr({0}, {1} + 1, 1)), 1, 1)) "
                      "+ instr('123456789ABCDEF', substr(hex(substr({0}, {1} + 1, 1)), 2, 1)) END"))
      .mariadb(wrapped(
          "CASE WHEN {1:41} >= 0 AND {1:41} < LENGTH({0}) THEN ASCII(SUBSTRING({0}, {1} + 1, 1)) END"))
      .doc("the byte at an index (from 0), 0 to 255")
      .examples({{"get_byte(x'00ff', 1)", "255"},
                 {"get_byte(x'0a', 0)", "10"},
                 {"get_byte(x'00ff', 2)", "error: argument out of domain"},
                 {"get_byte(x'00', missing)", "missing"}});
  Row(table, "bytes", "utf8_bytes", {kText}, as_bytes)
      .body(native<&body::from_text>("bf_utf8_bytes"))
      .postgres(wrapped("convert_to({0}, 'UTF8')"))
      .sqlite(same("CAST({0} AS BLOB)"))
      .mariadb(wrapped("CAST(CONVERT({0} USING utf8mb4) AS BINARY)"))
      .doc("the text's UTF-8")
      .examples(
          {{"utf8_bytes('é')", "x'c3a9'"}, {"utf8_bytes('')", "x''"}, {"utf8_bytes(missing)", "missing"}});
  Row(table, "bytes", "utf8_text", {kBytes}, as_text)
      .body(native<&body::to_text>("bf_utf8_text"))
      .fails({RowError::InvalidUtf8})
      .postgres(wrapped(kPostgresUtf8))
      .sqlite(assisted("backfill_utf8_text({0})", "SQLite does not check UTF-8"))
      .mariadb(wrapped(kMariaDbUtf8))
      .doc("the text whose UTF-8 it is; no NUL")
      .examples({{"utf8_text(x'c3a9')", "'é'"},
                 {"utf8_text(x'')", "''"},
                 {"utf8_text(x'ff')", "error: invalid UTF-8"},
                 {"utf8_text(missing)", "missing"}});
}

const std::string* format_of(std::span<const Value* const> literals) {
  return literals[1] == nullptr || literals[1]->missing() ? nullptr : &literals[1]->text();
}

std::string postgres_encode(std::span<const Value* const> literals) {
  const std::string* format = format_of(literals);
  if (format == nullptr) return {};
  if (*format == "hex") return "encode({0}, 'hex')";
  if (*format == "base64") return "replace(encode({0}, 'base64'), chr(10), '')";
  if (*format == "base64url") return "rtrim(translate(encode({0}, 'base64'), '+/' || chr(10), '-_'), '=')";
  return {};
}
std::string sqlite_encode(std::span<const Value* const> literals) {
  const std::string* format = format_of(literals);
  return format != nullptr && *format == "hex" ? "CASE WHEN {0:41} IS NOT NULL THEN lower(hex({0})) END" : "";
}
std::string mariadb_encode(std::span<const Value* const> literals) {
  const std::string* format = format_of(literals);
  if (format == nullptr) return {};
  if (*format == "hex") return "LOWER(HEX({0}))";
  if (*format == "base64") return "REPLACE(TO_BASE64({0}), CHAR(10), '')";
  return {};
}

constexpr std::string_view kBase64Form =
    "'^([A-Za-z0-9+/]{{4}})*([A-Za-z0-9+/]{{2}}==|[A-Za-z0-9+/]{{3}}=)?$'";

std::string postgres_decode(std::span<const Value* const> literals) {
  const std::string* format = format_of(literals);
  if (format == nullptr) return {};
  if (*format == "hex") return "CASE WHEN {0:100} ~ '^([0-9a-fA-F]{{2}})*$' THEN decode({0}, 'hex') END";
  if (*format == "base64")
    return std::string("CASE WHEN {0:100} ~ ") + std::string(kBase64Form) + " THEN decode({0}, 'base64') END";
  return {};
}
std::string mariadb_decode(std::span<const Value* const> literals) {
  const std::string* format = format_of(literals);
  if (format == nullptr) return {};
  if (*format == "hex") return "CASE WHEN {0:100} REGEXP '^([0-9a-fA-F]{{2}})*\\z' THEN UNHEX({0}) END";
  if (*format == "base64")
    return std::string("CASE WHEN {0:100} REGEXP ") + std::string(kBase64Form) + " THEN FROM_BASE64({0}) END";
  return {};
}

SqlTemplate by_format(std::string (*special)(std::span<const Value* const>)) {
  SqlTemplate sql = wrapped("");
  sql.reason = "the format must be written out, and be one that the database has";
  sql.special = special;
  return sql;
}

void add_encodings(std::vector<Function>& table) {
  Row(table, "bytes", "encode", {kBytes, kFormat}, as_text)
      .body(native<&body::encode>("bf_encode"))
      .fails({RowError::OutOfDomain})
      .postgres(by_format(postgres_encode))
      .sqlite(by_format(sqlite_encode))
      .mariadb(by_format(mariadb_encode))
      .doc("the bytes as text: 'hex' (lower case), 'base64' (one line, padded) or 'base64url' (not padded)")
      .examples({{"encode(x'00ff', 'hex')", "'00ff'"},
                 {"encode(x'fbff', 'base64')", "'+/8='"},
                 {"encode(x'fbff', 'base64url')", "'-_8'"},
                 {"encode(x'00', 'octal')", "error: argument out of domain"},
                 {"encode(missing, 'hex')", "missing"}});
  Row(table, "bytes", "decode", {kText, kFormat}, as_bytes)
      .body(native<&body::decode>("bf_decode"))
      .fails({RowError::ConversionFailed, RowError::OutOfDomain})
      .postgres(by_format(postgres_decode))
      .sqlite(assisted("backfill_decode({0}, {1})", kNone))
      .mariadb(by_format(mariadb_decode))
      .doc("the bytes that the text spells, as `encode` gives it; hex in either case")
      .examples({{"decode('00FF', 'hex')", "x'00ff'"},
                 {"decode('+/8=', 'base64')", "x'fbff'"},
                 {"decode('-_8', 'base64url')", "x'fbff'"},
                 {"decode('0g', 'hex')", "error: conversion failed"},
                 {"decode('+/9=', 'base64')", "error: conversion failed"},
                 {"decode(missing, 'hex')", "missing"}});
}

struct Hash {
  std::string_view name, postgres, mariadb, of_nothing, of_abc;  // of bytes; the answers in hex
  Body on_bytes, on_text;
};

void add_hash(std::vector<Function>& table, Hash hash) {
  const bool is_text = hash.name == "md5";
  const auto answer = [&](std::string_view hex) {
    return keep(is_text ? fmt::format("'{}'", hex) : fmt::format("x'{}'", hex));
  };
  const auto of = [](std::string_view form, std::string_view argument) {
    std::string sql(form);
    sql.replace(sql.find("{0}"), 3, argument);
    return keep(sql);
  };
  const auto postgres = [&](std::string_view argument) {
    return hash.postgres.empty() ? unavailable("PostgreSQL has it in an extension only")
                                 : wrapped(of(hash.postgres, argument));
  };
  const ResultRule result = is_text ? as_text : as_bytes;
  const std::string_view doc =
      is_text ? "the MD5 digest in hex, lower case" : "the digest as bytes; encode(..., 'hex') spells it";
  Row(table, "bytes", hash.name, {kBytes}, result)
      .body(std::move(hash.on_bytes))
      .postgres(postgres("{0}"))
      .sqlite(assisted(keep(fmt::format("backfill_{}_bytes({{0}})", hash.name)), kNone))
      .mariadb(wrapped(of(hash.mariadb, "{0}")))
      .doc(doc)
      .examples({{keep(fmt::format("{}(x'616263')", hash.name)), answer(hash.of_abc)},
                 {keep(fmt::format("{}(x'')", hash.name)), answer(hash.of_nothing)},
                 {keep(fmt::format("{}(missing as bytes)", hash.name)), "missing"}});
  Row(table, "bytes", hash.name, {kText}, result)
      .body(std::move(hash.on_text))
      .postgres(postgres("convert_to({0}, 'UTF8')"))
      .sqlite(assisted(keep(fmt::format("backfill_{}_text({{0}})", hash.name)), kNone))
      .mariadb(wrapped(of(hash.mariadb, "CONVERT({0} USING utf8mb4)")))
      .doc(doc)
      .examples({{keep(fmt::format("{}('abc')", hash.name)), answer(hash.of_abc)},
                 {keep(fmt::format("{}('')", hash.name)), answer(hash.of_nothing)},
                 {keep(fmt::format("{}(missing as text)", hash.name)), "missing"}});
}

void add_digests(std::vector<Function>& table) {
  add_hash(table, {"md5", "md5({0})", "MD5({0})", "d41d8cd98f00b204e9800998ecf8427e",
                   "900150983cd24fb0d6963f7d28e17f72", native<&body::md5>("bf_md5"),
                   native<&body::md5>("bf_md5_text")});
  add_hash(table, {"sha1", "", "UNHEX(SHA1({0}))", "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                   "a9993e364706816aba3e25717850c26c9cd0d89d", native<&body::sha1>("bf_sha1"),
                   native<&body::sha1>("bf_sha1_text")});
  add_hash(table, {"sha224", "sha224({0})", "UNHEX(SHA2({0}, 224))",
                   "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f",
                   "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7",
                   native<&body::sha224>("bf_sha224"), native<&body::sha224>("bf_sha224_text")});
  add_hash(table, {"sha256", "sha256({0})", "UNHEX(SHA2({0}, 256))",
                   "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
                   "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                   native<&body::sha256>("bf_sha256"), native<&body::sha256>("bf_sha256_text")});
  add_hash(
      table,
      {"sha384", "sha384({0})", "UNHEX(SHA2({0}, 384))",
       "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da274edebfe76f65fbd51ad2f14898b95b",
       "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7",
       native<&body::sha384>("bf_sha384"), native<&body::sha384>("bf_sha384_text")});
  add_hash(table, {"sha512", "sha512({0})", "UNHEX(SHA2({0}, 512))",
                   "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce47d0d13c5d85f2b0ff8318d28"
                   "77eec2f63b931bd47417a81a538327af927da3e",
                   "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a"
                   "3feebbd454d4423643ce80e2a9ac94fa54ca49f",
                   native<&body::sha512>("bf_sha512"), native<&body::sha512>("bf_sha512_text")});
  Row(table, "bytes", "crc32", {kBytes}, always<Kind::Int64>)
      .body(native<&body::crc32>("bf_crc32"))
      .postgres(unavailable("PostgreSQL 15 has no crc32"))
      .sqlite(assisted("backfill_crc32_bytes({0})", kNone))
      .mariadb(wrapped("CAST(CRC32({0}) AS SIGNED)"))
      .doc("the checksum of zip and Ethernet")
      .examples({{"crc32(x'313233343536373839')", "3421780262"},
                 {"crc32(x'')", "0"},
                 {"crc32(missing as bytes)", "missing"}});
  Row(table, "bytes", "crc32", {kText}, always<Kind::Int64>)
      .body(native<&body::crc32>("bf_crc32_text"))
      .postgres(unavailable("PostgreSQL 15 has no crc32"))
      .sqlite(assisted("backfill_crc32_text({0})", kNone))
      .mariadb(wrapped("CAST(CRC32(CONVERT({0} USING utf8mb4)) AS SIGNED)"))
      .doc("the checksum of zip and Ethernet")
      .examples(
          {{"crc32('123456789')", "3421780262"}, {"crc32('')", "0"}, {"crc32(missing as text)", "missing"}});
}

void add_uuids(std::vector<Function>& table) {
  Row(table, "uuid", "uuid_v5", {{"namespace", make(Kind::Uuid)}, {"name", text()}}, always<Kind::Uuid>)
      .body(native<&body::uuid_v5>("bf_uuid_v5"))
      .postgres(unavailable("PostgreSQL has it in an extension only"))
      .sqlite(unavailable("SQLite has no UUIDs"))
      .mariadb(unavailable(kNone))
      .doc("the UUID of a name within a namespace (RFC 4122, version 5)")
      .examples({{"uuid_v5('6ba7b810-9dad-11d1-80b4-00c04fd430c8' as uuid, 'www.example.org') as text",
                  "'74738ff5-5367-5958-9aee-98fffdcd1876'"},
                 {"uuid_v5('6ba7b811-9dad-11d1-80b4-00c04fd430c8' as uuid, '') as text = ''", "false"},
                 {"uuid_v5('6ba7b810-9dad-11d1-80b4-00c04fd430c8' as uuid, missing)", "missing"}});
  Row(table, "uuid", "uuid_version", {{"value", make(Kind::Uuid)}}, as_int32)
      .body(native<&body::uuid_version>("bf_uuid_version"))
      .postgres(wrapped("(strpos('0123456789abcdef', substr(CAST({0} AS text), 15, 1)) - 1)"))
      .sqlite(unavailable("SQLite has no UUIDs"))
      .mariadb(wrapped("LOCATE(SUBSTR({0}, 15, 1), '123456789abcdef')"))
      .doc("the version that stands in it")
      .examples({{"uuid_version('6ba7b810-9dad-11d1-80b4-00c04fd430c8' as uuid)", "1"},
                 {"uuid_version('74738ff5-5367-5958-9aee-98fffdcd1876' as uuid)", "5"},
                 {"uuid_version(missing)", "missing"}});
  const std::string_view digit = "[0-9a-fA-F]";
  std::string glob;
  for (int i = 0; i < 32; ++i)
    glob += fmt::format("{}{}", i == 8 || i == 12 || i == 16 || i == 20 ? "-" : "", digit);
  Row(table, "uuid", "is_uuid", {kText}, always<Kind::Bool>)
      .body(native<&body::is_uuid>("bf_is_uuid"))
      .postgres(wrapped("{0:100} ~ '^ *[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}} *$'", 40))
      .sqlite(wrapped(keep(fmt::format("trim({{0}}) GLOB '{}'", glob)), 40))
      .mariadb(
          wrapped("{0:100} REGEXP '^ *[0-9a-fA-F]{{8}}(-[0-9a-fA-F]{{4}}){{3}}-[0-9a-fA-F]{{12}} *\\z'", 40))
      .doc("would it convert to a UUID")
      .examples({{"is_uuid('6BA7b810-9dad-11d1-80b4-00c04fd430c8')", "true"},
                 {"is_uuid('6ba7b8109dad11d180b400c04fd430c8')", "false"},
                 {"is_uuid(' 6ba7b810-9dad-11d1-80b4-00c04fd430c8')", "true"},
                 {"is_uuid('')", "false"},
                 {"is_uuid(missing)", "missing"}});
}

}  // namespace

void add_bytes(std::vector<Function>& table) {
  add_parts(table);
  add_encodings(table);
}

void add_hashes(std::vector<Function>& table) {
  add_digests(table);
  add_uuids(table);
}

}  // namespace backfill::stdlib
