// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/ddl.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "runtime/database/postgres/parse_tree.h"
#include "runtime/database/postgres/schema_builder.h"
#include "runtime/database/postgres/sql_text.h"

namespace backfill::database::postgres {

namespace {

enum class Read { No, Parse, View, MaterializedView };

// By the first words; those that only modify what is created are passed over.
Read how_to_read(std::string_view head) {
  const auto take = [&](std::string_view word) {
    if (!head.starts_with(word) || (head.size() > word.size() && head[word.size()] != ' ')) return false;
    head.remove_prefix(std::min(word.size() + 1, head.size()));
    return true;
  };
  const auto one_of = [&](std::initializer_list<std::string_view> words) {
    return std::ranges::any_of(words, take);
  };
  if (take("set"))
    return head.starts_with("search_path") || head.starts_with("local") || head.starts_with("session")
               ? Read::Parse
               : Read::No;
  if (take("select")) return head.find("set_config") != std::string_view::npos ? Read::Parse : Read::No;
  if (take("reset")) return head.starts_with("search_path") ? Read::Parse : Read::No;
  if (take("comment")) return take("on") && one_of({"table", "column"}) ? Read::Parse : Read::No;
  if (take("alter") || take("drop"))
    return one_of({"table", "type", "domain", "index", "view", "materialized", "foreign", "trigger", "rule",
                   "schema"})
               ? Read::Parse
               : Read::No;
  if (!take("create")) return Read::No;
  if (take("or")) take("replace");
  if (one_of({"temp", "temporary", "global", "local"})) return Read::No;
  take("unlogged");
  take("recursive");
  if (take("view")) return Read::View;
  if (take("materialized")) return Read::MaterializedView;
  if (take("foreign")) return take("table") ? Read::Parse : Read::No;
  return one_of({"table", "type", "domain", "index", "unique", "trigger", "constraint", "rule", "schema"})
             ? Read::Parse
             : Read::No;
}

std::string first_line(std::string_view text) {
  constexpr std::size_t kShown = 80;
  return std::string(text.substr(0, std::min({text.find('\n'), kShown, text.size()})));
}

// The statements that matter, one behind the other, for one call of the parser.
struct Excerpt {
  std::string text;
  std::vector<const DdlStatement*> statements;  // in `text`, in its order
  std::vector<std::size_t> begins;
};

class Reader {
 public:
  Reader(std::string_view sql, std::string_view name) : sql_(sql), name_(name) {}

  Result<schema::Catalog> read() {
    statements_ = split_statements(sql_);
    const Excerpt excerpt = choose();
    Result<ParseTree> tree = parse_sql(excerpt.text);
    if (!tree) return culprit(excerpt, tree.failure());
    BACKFILL_TRY(apply(excerpt, **tree));
    return std::move(builder_).finish();
  }

 private:
  [[nodiscard]] std::string_view text(const DdlStatement& statement) const {
    return sql_.substr(statement.begin, statement.end - statement.begin);
  }

  // A view stands in the excerpt as nothing: it is added when its turn comes.
  Excerpt choose() {
    Excerpt excerpt;
    for (const DdlStatement& statement : statements_) {
      const Read how = how_to_read(statement.head);
      if (how == Read::No) continue;
      if (how != Read::Parse) {
        views_.push_back({&statement, how == Read::MaterializedView});
        continue;
      }
      excerpt.statements.push_back(&statement);
      excerpt.begins.push_back(excerpt.text.size());
      excerpt.text.append(text(statement)).append(";\n");
    }
    return excerpt;
  }

  Result<void> apply(const Excerpt& excerpt, const PgQuery__ParseResult& tree) {
    std::size_t view = 0;
    for (std::size_t i = 0; i < tree.n_stmts; ++i) {
      const auto location = static_cast<std::size_t>(tree.stmts[i]->stmt_location);
      const auto behind = std::ranges::upper_bound(excerpt.begins, location + 1);
      const auto index = static_cast<std::size_t>(behind - excerpt.begins.begin()) - 1;
      const DdlStatement& statement = *excerpt.statements[index];
      for (; view < views_.size() && views_[view].first->begin < statement.begin; ++view) add_view(view);
      if (tree.stmts[i]->stmt == nullptr) continue;
      auto applied = builder_.apply(*tree.stmts[i]->stmt, text(statement), excerpt.begins[index]);
      if (!applied) return refusal(statement, applied.failure().message);
    }
    for (; view < views_.size(); ++view) add_view(view);
    return {};
  }

  void add_view(std::size_t view) { builder_.add_view(text(*views_[view].first), views_[view].second); }

  [[nodiscard]] Failure refusal(const DdlStatement& statement, std::string_view message) const {
    return fatal(fmt::format("{}:{}: cannot read the statement `{}`: {}", name_, statement.line,
                             first_line(text(statement)), message),
                 "the file is read as PostgreSQL 15 reads it: correct the statement, or let `backfill schema "
                 "--db URL` or `pg_dump -s` write the file");
  }

  // The parser's position is in characters of the whole excerpt; asking again one by one is simpler.
  [[nodiscard]] Failure culprit(const Excerpt& excerpt, const Failure& failure) const {
    for (const DdlStatement* statement : excerpt.statements) {
      const Result<ParseTree> alone = parse_sql(std::string(text(*statement)));
      if (!alone) return refusal(*statement, alone.failure().message);
    }
    return fatal(fmt::format("{}: {}", name_, failure.message), failure.way_out);
  }

  std::string_view sql_, name_;
  std::vector<DdlStatement> statements_;
  std::vector<std::pair<const DdlStatement*, bool>> views_;  // materialized?
  SchemaBuilder builder_;
};

}  // namespace

Result<schema::Catalog> catalog_from_sql(std::string_view sql, std::string_view name) {
  if (sql.find('\0') != std::string_view::npos)
    return fatal(fmt::format("{}: the file holds a NUL byte: it is no text", name),
                 "a dump in the custom format is made text by `pg_restore -s -f schema.sql`");
  return Reader(sql, name).read();
}

Result<void> SchemaBuilder::apply(const Node& node, std::string_view text, std::size_t offset) {
  const Statement in{text, offset};
  switch (node.node_case) {
    case PG_QUERY__NODE__NODE_CREATE_STMT:
      return create_table(*node.create_stmt, in, schema::TableKind::Table);
    case PG_QUERY__NODE__NODE_CREATE_FOREIGN_TABLE_STMT:
      return create_table(*node.create_foreign_table_stmt->base_stmt, in, schema::TableKind::Foreign);
    case PG_QUERY__NODE__NODE_ALTER_TABLE_STMT:
      alter_table(*node.alter_table_stmt, in);
      break;
    case PG_QUERY__NODE__NODE_INDEX_STMT:
      create_index(*node.index_stmt, in);
      break;
    case PG_QUERY__NODE__NODE_CREATE_TRIG_STMT:
      create_trigger(*node.create_trig_stmt);
      break;
    case PG_QUERY__NODE__NODE_RULE_STMT:
      create_rule(*node.rule_stmt);
      break;
    case PG_QUERY__NODE__NODE_CREATE_ENUM_STMT:
      create_enum(*node.create_enum_stmt);
      break;
    case PG_QUERY__NODE__NODE_ALTER_ENUM_STMT:
      alter_enum(*node.alter_enum_stmt);
      break;
    case PG_QUERY__NODE__NODE_CREATE_DOMAIN_STMT:
      create_domain(*node.create_domain_stmt, in);
      break;
    case PG_QUERY__NODE__NODE_ALTER_DOMAIN_STMT:
      alter_domain(*node.alter_domain_stmt, in);
      break;
    case PG_QUERY__NODE__NODE_COMPOSITE_TYPE_STMT:
      other_types_.emplace(schema_of(node.composite_type_stmt->typevar->schemaname),
                           node.composite_type_stmt->typevar->relname);
      break;
    case PG_QUERY__NODE__NODE_CREATE_RANGE_STMT:
      create_other_type({node.create_range_stmt->type_name, node.create_range_stmt->n_type_name});
      break;
    case PG_QUERY__NODE__NODE_DEFINE_STMT:
      create_other_type({node.define_stmt->defnames, node.define_stmt->n_defnames});
      break;
    case PG_QUERY__NODE__NODE_RENAME_STMT:
      rename(*node.rename_stmt);
      break;
    case PG_QUERY__NODE__NODE_ALTER_OBJECT_SCHEMA_STMT:
      move(*node.alter_object_schema_stmt);
      break;
    case PG_QUERY__NODE__NODE_DROP_STMT:
      drop(*node.drop_stmt);
      break;
    case PG_QUERY__NODE__NODE_COMMENT_STMT:
      comment(*node.comment_stmt);
      break;
    case PG_QUERY__NODE__NODE_VARIABLE_SET_STMT:
      set_variable(*node.variable_set_stmt);
      break;
    case PG_QUERY__NODE__NODE_SELECT_STMT:
      select(*node.select_stmt);
      break;
    // The elements of a schema stand in it unless they say otherwise.
    case PG_QUERY__NODE__NODE_CREATE_SCHEMA_STMT: {
      const PgQuery__CreateSchemaStmt& create = *node.create_schema_stmt;
      const std::vector<std::string> before = search_path_;
      search_path_.insert(search_path_.begin(), create.schemaname);
      for (const Node* element : Nodes(create.schema_elts, create.n_schema_elts))
        BACKFILL_TRY(apply(*element, text, offset));
      search_path_ = before;
      break;
    }
    default:
      break;
  }
  return {};
}

void SchemaBuilder::add_view(std::string_view text, bool materialized) {
  Token token;
  std::size_t at = 0;
  while (next_token(text, at, token)) {
    at = token.end;
    if (is_keyword(text, token, "view")) break;
  }
  if (next_token(text, at, token) && is_keyword(text, token, "if"))
    for (int words = 0; words < 3 && next_token(text, at, token); ++words) at = token.end;
  const std::vector<std::string> name = take_name(text, at);
  if (name.empty()) return;
  Table table;
  table.schema = schema_of(name.size() > 1 ? name[name.size() - 2] : "");
  table.name = name.back();
  table.exact_names = true;
  table.kind = materialized ? schema::TableKind::MaterializedView : schema::TableKind::View;
  tables_.insert_or_assign(TablePlace{table.schema, table.name}, table);
}

}  // namespace backfill::database::postgres
