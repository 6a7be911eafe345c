// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/parse_tree.h"

#include <pg_query.h>

namespace backfill::database::postgres {

Result<ParseTree> parse_sql(const std::string& sql) {
  PgQueryProtobufParseResult parsed = pg_query_parse_protobuf(sql.c_str());
  struct Free {
    PgQueryProtobufParseResult& parsed;
    ~Free() { pg_query_free_protobuf_parse_result(parsed); }
  } const free{parsed};
  if (parsed.error != nullptr) return fatal(parsed.error->message);
  ParseTree tree(pg_query__parse_result__unpack(
      nullptr, parsed.parse_tree.len, reinterpret_cast<const std::uint8_t*>(parsed.parse_tree.data)));
  if (tree == nullptr)
    return fatal("the parser's tree cannot be read: another version of libpg_query than that of its header?");
  return tree;
}

std::string_view text_of(const Node* node) {
  if (node == nullptr || node->node_case != PG_QUERY__NODE__NODE_STRING) return {};
  return node->string->sval;
}

std::vector<std::string> names_of(Nodes nodes) {
  std::vector<std::string> names;
  for (const Node* node : nodes) names.emplace_back(text_of(node));
  return names;
}

std::string constant_of(const Node* node) {
  if (node == nullptr) return {};
  if (node->node_case == PG_QUERY__NODE__NODE_COLUMN_REF && node->column_ref->n_fields == 1)
    return std::string(text_of(node->column_ref->fields[0]));
  if (node->node_case == PG_QUERY__NODE__NODE_INTEGER) return std::to_string(node->integer->ival);
  if (node->node_case != PG_QUERY__NODE__NODE_A_CONST) return {};
  const PgQuery__AConst& constant = *node->a_const;
  switch (constant.val_case) {
    case PG_QUERY__A__CONST__VAL_IVAL:
      return std::to_string(constant.ival->ival);
    case PG_QUERY__A__CONST__VAL_FVAL:
      return constant.fval->fval;
    case PG_QUERY__A__CONST__VAL_SVAL:
      return constant.sval->sval;
    default:
      return {};
  }
}

}  // namespace backfill::database::postgres
