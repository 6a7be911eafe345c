// SPDX-License-Identifier: Apache-2.0
// libpg_query's parse tree: PostgreSQL's own grammar outside of the server.
#pragma once

#include <pg_query/pg_query.pb-c.h>

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "compiler/source/result.h"

namespace backfill::database::postgres {

using Node = PgQuery__Node;
using Nodes = std::span<Node* const>;

struct FreeTree {
  void operator()(PgQuery__ParseResult* tree) const { pg_query__parse_result__free_unpacked(tree, nullptr); }
};
using ParseTree = std::unique_ptr<PgQuery__ParseResult, FreeTree>;

// One or more statements. A Failure's message is the parser's: `syntax error at or near "TABEL"`.
Result<ParseTree> parse_sql(const std::string& sql);

// Empty where the node is something else than a string.
std::string_view text_of(const Node* node);
std::vector<std::string> names_of(Nodes nodes);
// As SQL writes it: a number or text constant, a word. Empty: something else.
std::string constant_of(const Node* node);

}  // namespace backfill::database::postgres
