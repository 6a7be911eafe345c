// SPDX-License-Identifier: Apache-2.0
// The one precedence table. The pages build their levels in this order, the SQL emitter and the tests read
// it.
#pragma once

#include <string_view>

namespace backfill::grammar {

enum class Level { Or = 1, And, Not, Comparison, Coalesce, Concat, Sum, Product, Negate, Pipe, Postfix };
enum class Fixity { Prefix, LeftAssociative, DoesNotChain, Postfix };

struct OperatorRow {
  std::string_view written;
  Level level;
  Fixity fixity;
};

// clang-format off
inline constexpr OperatorRow operators[] = {
    {"or",                   Level::Or,         Fixity::LeftAssociative},
    {"and",                  Level::And,        Fixity::LeftAssociative},
    {"not",                  Level::Not,        Fixity::Prefix},
    {"=",                    Level::Comparison, Fixity::DoesNotChain},
    {"!=",                   Level::Comparison, Fixity::DoesNotChain},
    {"<",                    Level::Comparison, Fixity::DoesNotChain},
    {"<=",                   Level::Comparison, Fixity::DoesNotChain},
    {">",                    Level::Comparison, Fixity::DoesNotChain},
    {">=",                   Level::Comparison, Fixity::DoesNotChain},
    {"is distinct from",     Level::Comparison, Fixity::DoesNotChain},
    {"is not distinct from", Level::Comparison, Fixity::DoesNotChain},
    {"??",                   Level::Coalesce,   Fixity::LeftAssociative},
    {"||",                   Level::Concat,     Fixity::LeftAssociative},
    {"+",                    Level::Sum,        Fixity::LeftAssociative},
    {"-",                    Level::Sum,        Fixity::LeftAssociative},
    {"*",                    Level::Product,    Fixity::LeftAssociative},
    {"/",                    Level::Product,    Fixity::LeftAssociative},
    {"%",                    Level::Product,    Fixity::LeftAssociative},
    {"unary -",              Level::Negate,     Fixity::Prefix},
    {"|>",                   Level::Pipe,       Fixity::LeftAssociative},
    {"as",                   Level::Pipe,       Fixity::LeftAssociative},
    {".",                    Level::Postfix,    Fixity::Postfix},
    {"[]",                   Level::Postfix,    Fixity::Postfix},
    {"()",                   Level::Postfix,    Fixity::Postfix},
};
// clang-format on

}  // namespace backfill::grammar
