// SPDX-License-Identifier: Apache-2.0
// SQL text of PostgreSQL cut into statements and tokens, and what of it a catalog keeps as text.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace backfill::database::postgres {

enum class TokenKind : unsigned char { Word, QuotedName, Literal, Symbol };

struct Token {
  std::size_t begin = 0, end = 0;
  TokenKind kind = TokenKind::Symbol;
};

// The first token from `at` on; comments are passed over. False: there is none. A quote that is not closed
// takes everything.
bool next_token(std::string_view sql, std::size_t at, Token& token);
// A word without quotes, `keyword` being in small letters.
bool is_keyword(std::string_view sql, const Token& token, std::string_view keyword);

struct DdlStatement {
  std::size_t begin = 0, end = 0;  // without the semicolon
  std::size_t line = 1;            // of its first word
  std::string head;                // its first words, up to four, in small letters: `create unique index i`
};

// Respects quotes, $dollars$, nested comments, parentheses and SQL bodies of functions; psql's meta commands
// and the data blocks of COPY are left out. O(text).
std::vector<DdlStatement> split_statements(std::string_view sql);

// Without comments, and with one blank wherever there is any, outside of quotes.
std::string on_one_line(std::string_view sql);
// What stands in the first parentheses from `at` on. Empty: there are none.
std::string_view in_parentheses(std::string_view sql, std::size_t at);
// From `at` to the `,` or `)` that ends the item, or to `limit`.
std::string_view up_to_item_end(std::string_view sql, std::size_t at, std::size_t limit);
// Behind the two keywords, the `nth` time (from 0) that they stand side by side outside of parentheses; npos:
// they do not.
std::size_t behind_keywords(std::string_view sql, std::string_view first, std::string_view second, int nth);
// `[billing.]"Invoices"` at `at` (moved behind it), folded as the server does.
std::vector<std::string> take_name(std::string_view sql, std::size_t& at);

// Of CREATE INDEX: what stands behind the table, with its method: `USING btree (a) WHERE (b > 0)`.
std::string index_definition(std::string_view create_index);
// Of CREATE TABLE and ATTACH PARTITION: `FOR VALUES FROM ('a') TO ('b')`, DEFAULT. Empty: there is none.
std::string partition_bound(std::string_view statement);
// Of CREATE TABLE: `RANGE (created_at)`. Empty: it is not partitioned.
std::string partition_key(std::string_view create_table);

}  // namespace backfill::database::postgres
