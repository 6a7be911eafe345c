// SPDX-License-Identifier: Apache-2.0
// Queries inside of queries, on every store: the database finds what the reference evaluator finds; they are
// run, verified and rolled back.
#include "compiler/evaluate/queries.h"
#include "runtime/execute/verify.h"
#include "tests/runtime/execute/fixture.h"

using namespace backfill;
using namespace backfill::execute_test;
using execute::RunEnd;

namespace {

void make_forum(Database& database) {
  database.script(R"(
    CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT, home INTEGER, score BIGINT, words BIGINT, best BIGINT,
                         loved BOOLEAN, note TEXT);
    CREATE TABLE posts (id INTEGER PRIMARY KEY, person_id INTEGER NOT NULL, forum INTEGER, title TEXT);
    CREATE TABLE likes (post_id INTEGER NOT NULL, person_id INTEGER NOT NULL, score BIGINT,
                        PRIMARY KEY (post_id, person_id));
    CREATE INDEX posts_person ON posts (person_id);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40)
    INSERT INTO people (id, name, home, score) SELECT i, CASE WHEN i % 6 > 0 THEN 'n' || i % 9 END, i % 4,
      CASE WHEN i % 5 > 0 THEN i % 3 END FROM n;
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 90)
    INSERT INTO posts SELECT i, i * 7 % 50 + 1, CASE WHEN i % 8 > 0 THEN i % 5 END,
      CASE WHEN i % 7 > 0 THEN 't' || i % 11 END FROM n;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < 299)
    INSERT INTO likes SELECT i * 13 % 100 + 1, i / 100 * 10 + i % 7, CASE WHEN i % 4 > 0 THEN i % 6 - 2 END FROM n;)");
}

std::vector<std::vector<stdlib::Value>> rows_of(Database& database, const schema::Table& table) {
  std::vector<std::vector<stdlib::Value>> rows;
  for (const auto& row : database.query("SELECT * FROM " + table.name + " ORDER BY 1, 2").rows) {
    auto& values = rows.emplace_back();
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      const stdlib::Type& type = table.columns[k].type;
      if (row[k].missing()) {
        values.emplace_back();
      } else if (type.kind == stdlib::Kind::Text) {
        values.emplace_back(database_sql::text(row[k]));
      } else {
        values.emplace_back(database_sql::integer(row[k]));
      }
    }
  }
  return rows;
}

// Every value that the database gives to the inputs of every row is the evaluator's.
void check_against_evaluator(Database& database, const Program& program, std::size_t rows) {
  const ir::Backfill& backfill = program.backfill();
  std::vector<evaluate::OtherTable> tables;
  for (const auto& [table, columns] : ir::tables_read(backfill))
    tables.push_back({table, rows_of(database, *table)});
  const auto own = rows_of(database, *backfill.table);
  const auto store = database.open();
  database::RowBatch batch;
  must(must(store->table(backfill, 0))->read({}, {}, 1000, batch));
  REQUIRE(batch.rows == static_cast<std::int64_t>(rows));
  for (std::int64_t i = 0; i < batch.rows; ++i) {
    const evaluate::Row found = batch.row(i);
    evaluate::Row answered;  // the batch reads no column that the queries alone ask
    const std::vector<bool> read = ir::inputs_read(backfill);
    for (const ir::Input& input : backfill.row.inputs)
      answered.inputs.push_back(input.query < 0
                                    ? own[static_cast<std::size_t>(i)][static_cast<std::size_t>(input.column)]
                                    : stdlib::Value());
    evaluate::answer_queries(backfill, tables, {0}, answered);
    for (std::size_t k = 0; k < read.size(); ++k) {
      INFO("row " << i << ", " << ir::input_name(backfill, static_cast<int>(k)));
      const stdlib::Type& type = backfill.row.inputs[k].type;
      if (read[k]) CHECK(stdlib::literal(answered.inputs[k], type) == stdlib::literal(found.inputs[k], type));
    }
  }
}

const char* const kPeople = "SELECT * FROM people ORDER BY id";

}  // namespace

TEST_CASE("what a query finds depends on what others find for each of its rows") {
  Database database;
  make_forum(database);
  const std::string before = database.content(kPeople);
  Program program(database, R"(backfill forum {
    intent recompute
    table people
    let liked = count(p in posts where p.person_id = row.id and exists(l in likes where l.post_id = p.id and l.score > 0))
    lookup top = first p in posts where p.person_id = row.id
      order by sum(l.score for l in likes where l.post_id = p.id) desc, p.id
    derive score = sum(sum(l.score for l in likes where l.post_id = p.id) for p in posts where p.person_id = row.id)
    derive words = liked + count(p in posts where count(l in likes where l.post_id = p.id and l.person_id = row.id) = 1)
    derive best  = max(max(l.score for l in likes where l.post_id = p.id) for p in posts where p.person_id = row.id)
    derive loved = exists(l in likes where l.person_id = row.id
      and first(p.forum for p in posts where p.id = l.post_id) = row.home)
    derive note  = top.title ?? first(p.title for p in posts
      where p.person_id = row.home and not exists(q in posts where q.person_id = p.person_id and q.id < p.id
        and exists(l in likes where l.post_id = q.id and l.person_id != p.id and q.forum = p.forum))
      order by p.id)
  })");
  check_against_evaluator(database, program, 40);
  const auto report = program.run();
  INFO(report.message);
  REQUIRE(report.end == RunEnd::Finished);
  CHECK(report.outcomes.changed == 40);
  CHECK(database.number(
            "SELECT count(*) FROM people WHERE score <> (SELECT coalesce(sum(l.score), 0) FROM likes l "
            "JOIN posts p ON p.id = l.post_id WHERE p.person_id = people.id)") == 0);
  CHECK(database.number("SELECT count(*) FROM people WHERE loved") > 0);
  CHECK(database.number("SELECT count(*) FROM people WHERE note IS NOT NULL") > 20);
  const auto verified =
      must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full}));
  CHECK(verified.clean());
  CHECK(verified.compared == 40);
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kPeople) == before);
}

TEST_CASE("a sum belongs to its own query, whatever the columns that it sums") {
  Database database;
  make_forum(database);
  const Program program(database, R"(backfill whose_sum {
    intent recompute
    table people
    derive score = sum(row.home for p in posts where p.person_id = row.id)
    derive words = max(row.home for p in posts where p.person_id = row.id)
    derive best  = sum(max(p.person_id + row.home for l in likes where l.post_id = p.id) for p in posts where p.person_id = row.id)
  })");
  check_against_evaluator(database, program, 40);
}

TEST_CASE("a query over another table that asks the table that is written is decided once") {
  Database database;
  make_forum(database);
  Program program(database, R"(backfill own_table {
    table people
    derive words = count(p in posts where exists(q in people where q.id = p.person_id and q.home = row.home and q.words is missing))
    pace { batch 5 to 7 rows aim 50 ms }
  })");
  REQUIRE(program.backfill().row.queries[0].frozen);
  check_against_evaluator(database, program, 40);
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.number("SELECT count(DISTINCT words) FROM people") == 2);
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
}

TEST_CASE("what an inner query finds may change before the write: the row is decided anew") {
  Database database;
  make_forum(database);
  const auto store = database.open();
  if (!store->guards_rows()) return;  // whoever writes excludes the others
  const Program program(database, R"(backfill guarded {
    intent recompute
    table people
    derive words = count(p in posts where p.person_id = row.id and exists(l in likes where l.post_id = p.id))
  })");
  const ir::Backfill& backfill = program.backfill();
  must(store->begin(database::Access::ReadWrite));
  must(store->create_corrections(backfill, 1));
  must(store->commit());
  const auto table = must(store->table(backfill, 1));
  database::RowBatch batch;
  must(table->read({}, {}, 10, batch));
  REQUIRE(batch.rows == 10);
  database.script(
      "INSERT INTO posts VALUES (900, 3, NULL, NULL), (901, 5, NULL, NULL); INSERT INTO likes VALUES (900, "
      "77, 1)");
  std::vector<stdlib::ColumnBuffer> outputs;
  outputs.emplace_back(
      backfill.table->columns[static_cast<std::size_t>(backfill.row.outputs[0].column)].type);
  outputs[0].reserve(batch.rows);
  stdlib::Arena arena;
  std::vector<std::int64_t> all;
  for (std::int64_t row = 0; row < batch.rows; ++row) {
    all.push_back(row);
    outputs[0].set(row, std::int64_t{77}, arena);
  }
  must(store->begin(database::Access::ReadWrite));
  CHECK(must(table->write(batch, outputs, all, 1)).conflicts == std::vector<std::int64_t>{2});
  must(store->commit());
}

TEST_CASE("the values of other rows as a list, in their order") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // refused there: BF1004
  Database database;
  make_forum(database);
  const std::string before = database.content(kPeople);
  Program program(database, R"(backfill lists {
    intent recompute
    table people
    let titles = list(p.title for p in posts where p.person_id = row.id order by p.title desc)
    let forums = list(p.forum for p in posts where p.person_id = row.id order by p.id)
    derive note  = array_to_string(titles, ', ')
    derive words = sum(forums)
    derive score = length(list(first(l.score for l in likes where l.post_id = p.id order by l.person_id)
      for p in posts where p.person_id = row.id order by p.id)) as int64
  })");
  check_against_evaluator(database, program, 40);
  REQUIRE(program.run().end == RunEnd::Finished);
  CHECK(database.number(
            "SELECT count(*) FROM people p WHERE note <> (SELECT coalesce(string_agg(title, ', ' ORDER BY "
            "title COLLATE \"C\" DESC), '') FROM posts WHERE person_id = p.id)") == 0);
  CHECK(must(execute::verify(program.subject, {.run = 1, .extent = execute::VerifyExtent::Full})).clean());
  must(execute::rollback(program.subject, {.run = 1}));
  CHECK(database.content(kPeople) == before);
}

TEST_CASE("a query reads documents from texts: what is none is missing, as the evaluator says") {
  if (conformance::backend() == conformance::Backend::Sqlite) return;  // refused there: BF1004
  Database database;
  std::string rows;
  const std::vector<std::string> bodies = {R"({})",
                                           R"({"a":[1,2,{"b":null}],"c":"x\"y"})",
                                           "[1,]",
                                           R"({"a" 1})",
                                           "tru",
                                           "01",
                                           "1 2",
                                           R"("a" "b")",
                                           "",
                                           "  [ true , -1.5e3 ] ",
                                           R"("\ud83d\ude00")",
                                           R"("a\q", "b")",
                                           R"(["a\q" , "b"])",
                                           "1e5000",
                                           "-",
                                           "\"abc",
                                           R"({"a":1,"a":2})",
                                           "[[[]]]",
                                           R"({"a":{}})",
                                           R"("\u00e9é")",
                                           "truefalse",
                                           "[1.]",
                                           "[.5]",
                                           "{1:2}",
                                           "\"a\tb\"",
                                           "[1,\n2]",
                                           "nullx",
                                           R"("\\")",
                                           R"("\\\"")",
                                           R"({"a":1}})",
                                           "[}",
                                           R"("a\u005c")",
                                           "\x01",
                                           "[\x02]",
                                           "+1",
                                           "- 1",
                                           "1e+05",
                                           R"("\/")",
                                           "[1,2",
                                           "null",
                                           "1e0003",
                                           "\"\x7f\"",
                                           R"({"":0})",
                                           R"({"a":1,})",
                                           "[1 ,\r\n 2]",
                                           std::string(500, '[') + std::string(500, ']'),
                                           std::string(501, '[') + std::string(501, ']'),
                                           "[" + std::string(1000, '7') + "]",
                                           "[" + std::string(1001, '7') + "]",
                                           "\"" + std::string(1100, '7') + "\"",
                                           "[1]\xC2\xA0",
                                           "\xEF\xBB\xBF[]",
                                           "[\"\xE2\x80\xA8\"]",
                                           "0.10",
                                           "-0",
                                           "1E2",
                                           "[1,,2]",
                                           ",",
                                           ":",
                                           "{\"a\":}",
                                           "{:1}"};
  for (std::size_t i = 0; i < bodies.size(); ++i) {
    std::string quoted;
    for (const char c : bodies[i]) quoted += c == '\'' ? "''" : std::string(1, c);
    rows += fmt::format("{}({}, '{}', NULL, NULL)", i == 0 ? "" : ", ", i, quoted);
  }
  database.script(
      "CREATE TABLE docs (id INTEGER PRIMARY KEY, body TEXT, size BIGINT, note TEXT); INSERT INTO docs "
      "VALUES " +
      rows);
  const Program program(database, R"(backfill documents {
    intent recompute
    table docs
    let found = first(d.body as json or missing for d in docs where d.id = row.id)
    derive size = count(d in docs where d.id = row.id and json_type(d.body as json or missing) != 'null')
    derive note = json_text(found)
  })");
  check_against_evaluator(database, program, bodies.size());
}
