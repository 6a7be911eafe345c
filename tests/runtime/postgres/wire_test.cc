// SPDX-License-Identifier: Apache-2.0
// Binary forms, against what a real server makes of them.
#include <catch2/catch.hpp>

#include "runtime/database/postgres/connection.h"
#include "runtime/database/postgres/field.h"
#include "runtime/database/postgres/wire.h"
#include "stdlib/decimal.h"
#include "tests/servers/server.h"

using namespace backfill;
using namespace backfill::database::postgres;
using stdlib::Kind;

namespace {

Connection& connection() {
  static auto opened = Connection::open(test::postgres_url());
  REQUIRE(opened.ok());
  return **opened;
}

// The server's text of one value that was sent as an array's element.
std::string server_text(const stdlib::Type& type, const stdlib::Value& value, std::string_view stored = "") {
  stdlib::ColumnBuffer buffer(type);
  stdlib::Arena arena;
  buffer.reserve(1);
  buffer.set(0, value, arena);
  const Sent sent = sent_as(type, stored);
  std::string elements;
  if (!encode(elements, sent, buffer, 0)) return "not storable";
  Parameters values;
  values.add_binary(0, wire::array_header(sent.element, 1).append(elements));
  const auto answer =
      connection().send(fmt::format("SELECT ($1::{})[1]::text", sent.array), values, Form::Text);
  if (!answer) return answer.failure().message;
  return database::postgres::PQgetisnull(answer->get(), 0, 0) != 0
             ? "NULL"
             : database::postgres::PQgetvalue(answer->get(), 0, 0);
}

// What is read of an SQL expression, as a literal; or why it is unfit.
std::string read_back(const stdlib::Type& type, const std::string& sql) {
  const auto answer = connection().send("SELECT " + sql, {}, Form::Binary);
  if (!answer) return answer.failure().message;
  stdlib::ColumnBuffer buffer(type);
  stdlib::Arena arena;
  buffer.reserve(1);
  schema::Column column;
  column.name = "c";
  column.type = type;
  const auto bad = decode(answer->get(), 0, 0, column, buffer, 0, arena);
  return bad ? bad->message : stdlib::literal(buffer.value(0), type);
}

stdlib::Int128 unscaled(std::string_view text) {
  return stdlib::parse_decimal(text)->unscaled;
}

}  // namespace

TEST_CASE("decimals are sent and read digit for digit") {
  const auto text =
      GENERATE("0", "1", "-1", "9999", "10000", "-10001", "99990000", "100000000",
               "12345678901234567890123456789012345678", "-99999999999999999999999999999999999999");
  const int scale = GENERATE(0, 1, 2, 3, 4, 5, 8, 19, 37, 38);
  INFO(text << " at scale " << scale);
  const stdlib::Decimal number{unscaled(text), scale};
  const stdlib::Type type = stdlib::decimal(38, scale);
  const std::string shown = stdlib::to_string(number);
  CHECK(server_text(type, number) == shown);
  CHECK(read_back(type, "'" + shown + "'::numeric") == stdlib::literal(number, type));
}

TEST_CASE("what a decimal of its type cannot hold is told") {
  const stdlib::Type type = stdlib::decimal(10, 2);
  CHECK(read_back(type, "1.50::numeric") == "1.50");
  CHECK(read_back(type, "1.5000::numeric") == "1.50");
  CHECK(read_back(type, "12000000::numeric") == "12000000.00");
  for (const char* sql : {"1.505", "0.001", "100000000", "'NaN'", "'Infinity'", "1e40", "1e-40"}) {
    INFO(sql);
    CHECK(read_back(type, fmt::format("{}::numeric", sql)).find("`c` holds") == 0);
  }
}

TEST_CASE("moments are sent and read, and refused outside of the years of the language") {
  const stdlib::Type moment = stdlib::make(Kind::Timestamp);
  CHECK(read_back(moment, "timestamptz '2024-01-31 10:00:00.123456+00'") ==
        "timestamp '2024-01-31T10:00:00.123456Z'");
  CHECK(read_back(moment, "timestamptz 'infinity'").find("infinity") != std::string::npos);
  CHECK(read_back(moment, "timestamptz '0044-03-15 BC'").find("infinity") != std::string::npos);
  CHECK(server_text(moment, std::int64_t{-62135596800000000}).starts_with("0001-01-01 00:00:00+00"));
  CHECK(server_text(moment, std::int64_t{-62135596800000001}) == "not storable");
  CHECK(server_text(moment, std::int64_t{1}, "timestamp(3) with time zone") == "not storable");
  CHECK(server_text(moment, std::int64_t{1000}, "timestamp(3) with time zone") ==
        "1970-01-01 00:00:00.001+00");
  CHECK(server_text(stdlib::make(Kind::Date), std::int64_t{0}) == "1970-01-01");
  CHECK(read_back(stdlib::make(Kind::Date), "date '1999-12-31'") == "date '1999-12-31'");
  CHECK(read_back(stdlib::make(Kind::Date), "date '-infinity'").find("infinity") != std::string::npos);
  CHECK(server_text(stdlib::make(Kind::Interval), std::int64_t{-90'000'000}) == "-00:01:30");
  CHECK(read_back(stdlib::make(Kind::Interval), "interval '1 month'").find("months") != std::string::npos);
}

TEST_CASE("every other type makes the journey") {
  CHECK(server_text(stdlib::make(Kind::Bool), true) == "true");
  CHECK(server_text(stdlib::make(Kind::Int16), std::int64_t{-32768}) == "-32768");
  CHECK(server_text(stdlib::make(Kind::Int32), std::int64_t{2147483647}) == "2147483647");
  CHECK(server_text(stdlib::make(Kind::Int64), std::int64_t{INT64_MIN}) == "-9223372036854775808");
  CHECK(server_text(stdlib::make(Kind::Float64), 0.1) == "0.1");
  CHECK(server_text(stdlib::make(Kind::Float64), std::numeric_limits<double>::quiet_NaN()) == "not storable");
  CHECK(server_text(stdlib::text(), std::string("é'\"\\")) == "é'\"\\");
  CHECK(server_text(stdlib::text(), std::string("a\0b", 3)) == "not storable");
  CHECK(server_text(stdlib::make(Kind::Bytes), std::string("\0\xff", 2)) == "\\x00ff");
  CHECK(server_text(stdlib::make(Kind::Json), std::string(R"({"a":1.50})")) == R"({"a": 1.50})");
  CHECK(server_text(stdlib::make(Kind::Json), std::string(R"({"a":1.50})"), "json") == R"({"a":1.50})");
  CHECK(server_text(stdlib::make(Kind::Json), std::string(R"("\u0000")")) == "not storable");
  CHECK(read_back(stdlib::make(Kind::Json), R"('{"b": 1, "a": [true]}'::json)") == R"('{"a":[true],"b":1}')");
  const std::string uuid = "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11";
  CHECK(read_back(stdlib::make(Kind::Uuid), "uuid '" + uuid + "'") == "'" + uuid + "'");
  CHECK(server_text(stdlib::make(Kind::Uuid), uuid) == uuid);
  CHECK(read_back(stdlib::make(Kind::Int32), "1::int8").find("`c` holds") == 0);
  CHECK(read_back(stdlib::make(Kind::Float64), "'Infinity'::float8").find("infinity") != std::string::npos);
}
