// SPDX-License-Identifier: Apache-2.0
#include "tests/runtime/file/written.h"

using namespace backfill;
using file_test::read_all;
using file_test::source_at;
using file_test::Written;
using stdlib::Kind;

namespace {

const stdlib::Type kText = stdlib::text();
const stdlib::Type kMaybe = stdlib::text().or_missing();

std::string read_two(const std::string& text) {
  const Written file("legacy.csv", text);
  return read_all(source_at(file.path(), {{"a", kMaybe}, {"b", kMaybe}}));
}

}  // namespace

TEST_CASE("fields by the names of the header, in any order, others left out") {
  CHECK(read_two("b,x,a\n1,2,3\n") == "2: '3' '1'\n");
  CHECK(read_two("a,b\r\n1,2\r\n3,4") == "2: '1' '2'\n3: '3' '4'\n");
  CHECK(read_two("\xef\xbb\xbf\"a\",b\n1,2\n") == "2: '1' '2'\n");
  CHECK(read_two("a,b\n") == "");
}

TEST_CASE("what quotes hold: commas, quotes, newlines of both kinds") {
  CHECK(read_two("a,b\n\"1,\"\"2\"\"\",\"x\ny\"\n3,4\n") == "2: '1,\"2\"' 'x\ny'\n4: '3' '4'\n");
  CHECK(read_two("a,b\n\"x\r\ny\",\"\"\"\"\r\n") == "2: 'x\r\ny' '\"'\n");
}

TEST_CASE("nothing is missing, and quotes around nothing are the empty text") {
  CHECK(read_two("a,b\n,\"\"\n\"\",\n") == "2: missing ''\n3: '' missing\n");
  CHECK(read_two("a,b\n , \n") == "2: ' ' ' '\n");
}

TEST_CASE("blank lines are none where there are two fields, and a missing value where there is one") {
  CHECK(read_two("a,b\n\n1,2\n\r\n\n") == "3: '1' '2'\n");
  const Written file("legacy.csv", "a\nx\n\ny\n");
  CHECK(read_all(source_at(file.path(), {{"a", kMaybe}})) == "2: 'x'\n3: missing\n4: 'y'\n");
}

TEST_CASE("lines that are no records are named, and those behind them read") {
  CHECK(read_two("a,b\n1\n1,2,3\nx\"y,2\n\"x\"y,2\nx\ry,2\n5,6\n") ==
        "7: '5' '6'\n"
        "2! it has 1 field, the header 2\n"
        "3! it has 3 fields, the header 2\n"
        "4! a quote stands inside of field 1, which none opens\n"
        "5! something stands behind the closing quote of field 1\n"
        "6! field 1 holds a carriage return\n");
  CHECK(read_two("a,b\n1,\xff\n\xc3\x28,2\n\xed\xa0\x80,3\n") ==
        "2! `b` is not UTF-8\n3! `a` is not UTF-8\n4! `a` is not UTF-8\n");
  CHECK(read_two(std::string("a,b\n1,x\0y\n", 10)) == "2! `b` is not UTF-8\n");
}

TEST_CASE("a quote that nobody closes") {
  CHECK(read_two("a,b\n1,2\n3,\"4\n5,6\n") ==
        "2: '1' '2'\n3! the quote that opens field 2 is never closed\n");
  CHECK(read_two("a,b\n\"" + std::string(17U << 20U, 'x') + "\",1\n2,3\n") ==
        "3: '2' '3'\n2! the line is longer than 16 MiB\n");
  std::string endless = "a,b\n\"";
  for (int i = 0; i < 1'800'000; ++i) endless += "ten bytes\n";
  CHECK(read_two(endless) == "2! the quote that opens field 1 is not closed within 16 MiB\n");
}

TEST_CASE("a header that does not fit") {
  const auto problem = [](const std::string& text) {
    const std::string all = read_two(text);
    return all.substr(all.find("says: ") + 6);
  };
  CHECK(problem("") == "it is empty: its first line names the fields");
  CHECK(problem("a,c\n1,2\n") == "it has no field `b`; its header names a, c");
  CHECK(problem("a,b,a\n1,2,3\n") == "its header names `a` 2 times");
  CHECK(problem("\"a,b\n") == "its header: the quote that opens field 1 is never closed");
  CHECK(problem("a;b\n1;2\n") ==
        "it has no field `a`; its header names a;b; it has no field `b`; its header "
        "names a;b");
}

TEST_CASE("a file that is not there, or a folder, is the user's mistake") {
  for (const char* path : {"/nowhere/legacy.csv", "/"}) {
    const auto reader = file::Reader::open(source_at(path, {{"a", kText}}));
    REQUIRE_FALSE(reader.ok());
    CHECK(reader.failure().mistake);
  }
}

TEST_CASE("each type takes what `as` takes, and says what would fit") {
  const Written file("legacy.csv",
                     "b,i,d,f,day,at,local,u,j\n"
                     "true, 42 ,12.5,1e3,2024-01-31,2024-01-31T10:00:00+02:00,2024-01-31T10:00:00,"
                     "123E4567-e89b-12d3-a456-426614174000,\"{\"\"b\"\":1,\"\"a\"\":2}\"\n"
                     "maybe,4.2,12.555,NaN,31.01.2024,2024-01-31T10:00:00,yesterday,1,{\n"
                     ",,,,,,,,\n");
  const auto type = [](Kind kind) { return stdlib::make(kind); };
  const std::string all = read_all(source_at(file.path(), {{"b", type(Kind::Bool)},
                                                           {"i", type(Kind::Int32)},
                                                           {"d", stdlib::decimal(6, 2)},
                                                           {"f", type(Kind::Float64)},
                                                           {"day", type(Kind::Date)},
                                                           {"at", type(Kind::Timestamp)},
                                                           {"local", type(Kind::LocalTimestamp)},
                                                           {"u", type(Kind::Uuid)},
                                                           {"j", type(Kind::Json).or_missing()}}));
  INFO(all);
  CHECK(all.starts_with("2: true 42 12.50 1000"));
  CHECK(all.find("timestamp '2024-01-31T08:00:00Z'") != std::string::npos);
  CHECK(all.find("{\"a\":2,\"b\":1}") != std::string::npos);
  CHECK(all.find("3! `b` is 'maybe', and bool was expected, such as true or false\n") != std::string::npos);
  CHECK(all.find("3! `d` is '12.555', and decimal(6, 2) was expected") != std::string::npos);
  CHECK(all.find("3! `day` is '31.01.2024', and date was expected, such as 2024-01-31\n") !=
        std::string::npos);
  CHECK(all.find("3! `at` is '2024-01-31T10:00:00', and timestamp was expected, such as") !=
        std::string::npos);
  CHECK(all.find("3! `j` is '{', and json was expected\n") != std::string::npos);
  CHECK(all.find("4! `b` is missing, which only `b: bool?` may be\n") != std::string::npos);
  CHECK(all.find("`j` is missing") == std::string::npos);
}

TEST_CASE("true and false as people and databases write them") {
  const Written file("legacy.csv", "b\ntrue\nf\n1\n0\nt\nfalse\nTRUE\n");
  CHECK(read_all(source_at(file.path(), {{"b", stdlib::make(Kind::Bool)}})) ==
        "2: true\n3: false\n4: true\n5: false\n6: true\n7: false\n"
        "8! `b` is 'TRUE', and bool was expected, such as true or false\n");
}

TEST_CASE("after twenty bad lines there is no more") {
  std::string text = "a,b\n";
  for (int i = 0; i < 100; ++i) text += "1\n";
  const std::string all = read_two(text);
  CHECK(std::count(all.begin(), all.end(), '\n') == 20);
}

TEST_CASE("many rows come in pieces, all of them, and the digest is that of the file") {
  std::string text = "a,b\n";
  for (int i = 0; i < 50'000; ++i) text += std::to_string(i) + ",\"" + std::string(300, 'x') + "\"\n";
  const Written file("legacy.csv", text);
  const ir::SourceFile of = source_at(file.path(), {{"a", stdlib::make(Kind::Int64)}, {"b", kText}});
  auto reader = file::Reader::open(of);
  REQUIRE(reader.ok());
  database::SourceBatch batch;
  std::int64_t rows = 0, sum = 0;
  while (true) {
    const auto more = (*reader)->next(batch);
    REQUIRE(more.ok());
    if (!*more) break;
    CHECK(batch.rows <= 4096);
    CHECK(batch.arena.used() < (9U << 20U));
    rows += batch.rows;
    for (std::int64_t row = 0; row < batch.rows; ++row) sum += batch.columns[0].as<std::int64_t>()[row];
  }
  CHECK(rows == 50'000);
  CHECK(sum == std::int64_t{50'000} * 49'999 / 2);
  const auto digest = file::sha256_of(file.path());
  REQUIRE(digest.ok());
  CHECK((*reader)->sha256() == *digest);
  const Written abc("abc.csv", "abc");
  CHECK(*file::sha256_of(abc.path()) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}
