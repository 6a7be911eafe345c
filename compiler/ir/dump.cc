// SPDX-License-Identifier: Apache-2.0
// The IR as text: for --dump, for goldens, and as what the fingerprint is taken of. Changing it changes
// fingerprints.
#include <fmt/format.h>

#include <algorithm>

#include "compiler/ir/ir.h"

namespace backfill::ir {
namespace {

std::string_view word(Op op) {
  switch (op) {
    case Op::And:
      return "and";
    case Op::Or:
      return "or";
    case Op::Not:
      return "not";
    case Op::IsMissing:
      return "is_missing";
    case Op::Case:
      return "case";
    case Op::Coalesce:
      return "coalesce";
    case Op::In:
      return "in";
    case Op::Each:
      return "each";
    case Op::TryCall:
      return "try";
    default:
      return "";
  }
}

std::string head(const Expr& expr, const Backfill& backfill) {
  switch (expr.op) {
    case Op::Literal:
      return stdlib::literal(expr.value, expr.type);
    case Op::Now:
      return "now()";
    case Op::Input: {
      const int query = backfill.row.inputs[static_cast<std::size_t>(expr.input)].query;
      const std::string name = input_name(backfill, expr.input);
      return query < 0 ? name : fmt::format("q{}.{}", query, name);
    }
    case Op::OtherColumn:
      return expr.depth == 0 ? fmt::format("other{}", expr.input)
                             : fmt::format("other{}.{}", expr.depth, expr.input);
    case Op::Call:
      return std::string(expr.function->name);
    case Op::TryCall:
      return fmt::format("try {}", expr.function->name);
    case Op::Element:
      return fmt::format("element{}", expr.input);
    default:
      return std::string(word(expr.op));
  }
}

std::string_view word(Intent intent) {
  switch (intent) {
    case Intent::Fill:
      return "fill";
    case Intent::Recompute:
      return "recompute";
    case Intent::Amend:
      return "amend";
    case Intent::Reinterpret:
      return "reinterpret";
  }
  return "";
}

std::string_view word(UnknownAs unknown) {
  switch (unknown) {
    case UnknownAs::Uncertain:
      return "uncertain";
    case UnknownAs::False:
      return "false";
    case UnknownAs::True:
      return "true";
  }
  return "";
}

std::string key_names(const Backfill& backfill) {
  std::string names;
  for (int column : backfill.key) {
    names += (names.empty() ? "" : ", ") + backfill.table->columns[static_cast<std::size_t>(column)].name;
  }
  return names;
}

std::string_view word(QueryKind kind) {
  switch (kind) {
    case QueryKind::Unique:
      return "unique";
    case QueryKind::First:
      return "first";
    case QueryKind::Only:
      return "only";
    case QueryKind::Count:
      return "count";
    case QueryKind::Exists:
      return "exists";
    case QueryKind::Sum:
      return "sum";
    case QueryKind::Min:
      return "min";
    case QueryKind::Max:
      return "max";
    case QueryKind::List:
      return "list";
    case QueryKind::RowNumber:
      return "row_number";
    case QueryKind::Lag:
      return "lag";
    case QueryKind::Lead:
      return "lead";
    case QueryKind::RunningSum:
      return "running_sum";
    case QueryKind::Group:
      return "group";
    case QueryKind::Done:
      return "done";
    case QueryKind::Extern:
      return "extern";
  }
  return "";
}

// Columns of the other table are numbers in expressions: here are their names.
std::string names_of(const Query& query) {
  std::string names;
  for (std::size_t i = 0; i < query.table->columns.size(); ++i)
    names += fmt::format("{}{}", i == 0 ? "" : ", ", query.table->columns[i].name);
  return names;
}

std::string dump(const Query& query, const Backfill& backfill) {
  if (query.kind == QueryKind::Extern)
    return fmt::format("extern {} {}:{}", query.name, dump(*query.asked, backfill),
                       to_string(query.values.front().type));
  std::string text = fmt::format("{} {} in {} ({})", word(query.kind), query.name,
                                 query.table->qualified_name(), names_of(query));
  if (query.where != nullptr) text += " where " + dump(*query.where, backfill);
  if (query.guard != nullptr) text += " when " + dump(*query.guard, backfill);
  for (const Expr* partition : query.partition) text += " partition " + dump(*partition, backfill);
  for (const QueryOrder& order : query.order)
    text += fmt::format(" by {}{}", dump(*order.value, backfill), order.descending ? " desc" : "");
  for (const QueryValue& value : query.values)
    if (value.expr != nullptr) text += " value " + dump(*value.expr, backfill);
  if (query.offset != 1) text += fmt::format(" offset {}", query.offset);
  return text + (query.certain ? " certain" : "") + (query.frozen ? " frozen" : "");
}

std::string dump(const SourceFile& source) {
  std::string fields;
  const auto is_key = [&](std::size_t column) {
    return !source.table.keys.empty() &&
           std::ranges::find(source.table.keys.front().columns, static_cast<int>(column)) !=
               source.table.keys.front().columns.end();
  };
  for (std::size_t i = 0; i < source.table.columns.size(); ++i)
    fields += fmt::format("{}{}: {}{}", i == 0 ? "" : ", ", source.table.columns[i].name,
                          to_string(source.table.columns[i].type), is_key(i) ? " key" : "");
  return fmt::format("{} {{ {} }}", source.table.name, fields);
}

std::string columns_of(const Effect& effect, const std::vector<EffectColumn>& columns,
                       const Backfill& backfill) {
  std::string text;
  for (const EffectColumn& one : columns)
    text += fmt::format("{}{} {} {}", text.empty() ? "" : ", ",
                        effect.table->columns[static_cast<std::size_t>(one.column)].name,
                        one.of_element ? "in" : "=",
                        dump(*backfill.row.values[static_cast<std::size_t>(one.value)], backfill));
  return text;
}

std::string conflict_rule(const Effect& effect, const Backfill& backfill) {
  std::string names;
  for (const int column : effect.conflict)
    names += (names.empty() ? "" : ", ") + effect.table->columns[static_cast<std::size_t>(column)].name;
  const std::string on = names.empty() ? "" : fmt::format(" on conflict ({})", names);
  switch (effect.on_conflict) {
    case OnConflict::Quarantine:
      return effect.always ? on + " always" : on;
    case OnConflict::Nothing:
      return on + " do nothing";
    case OnConflict::Update:
      return on + fmt::format(" update {{ {} }}", columns_of(effect, effect.update, backfill));
  }
  return "";
}

std::string dump(const Effect& effect, const Backfill& backfill) {
  std::string text = effect_name(effect);
  if (!effect.columns.empty()) text += fmt::format(" {{ {} }}", columns_of(effect, effect.columns, backfill));
  for (const CopiedColumn& one : effect.copied)
    text += fmt::format(" {{ {} = o.{} }}", effect.table->columns[static_cast<std::size_t>(one.column)].name,
                        effect.table->columns[static_cast<std::size_t>(one.from)].name);
  if (effect.where != nullptr) text += " where " + dump(*effect.where, backfill);
  if (effect.kind == EffectKind::Insert) text += conflict_rule(effect, backfill);
  const auto add = [&](std::string_view word, int value) {
    if (value >= 0)
      text +=
          fmt::format(" {} {}", word, dump(*backfill.row.values[static_cast<std::size_t>(value)], backfill));
  };
  add("when", effect.guard);
  add("unless", effect.unless);
  add("each", effect.each);
  return text + (effect.missing_agrees ? " missing agrees" : "") + "\n";
}

}  // namespace

std::string dump(const Expr& expr, const Backfill& backfill) {
  if (expr.op == Op::Query) return fmt::format("({}):{}", dump(*expr.query, backfill), to_string(expr.type));
  std::string text = head(expr, backfill);
  if (!expr.arguments.empty()) {
    text += '(';
    for (std::size_t k = 0; k < expr.arguments.size(); ++k) {
      text += (k == 0 ? "" : ", ") + dump(*expr.arguments[k], backfill);
    }
    text += ')';
  }
  const bool says_its_type = expr.op == Op::Literal && !expr.value.missing();
  return says_its_type ? text : text + ":" + to_string(expr.type);
}

std::string dump(const Backfill& backfill) {
  const RowFunction& row = backfill.row;
  std::string text =
      fmt::format("backfill {}\nintent {}\ntable {} key ({})\n", backfill.name, word(backfill.intent),
                  backfill.table->qualified_name(), key_names(backfill));
  // A run's tables are named by their places.
  for (std::size_t i = 0; i < backfill.sources->size(); ++i)
    if (is_asked(backfill, (*backfill.sources)[i].table))
      text += fmt::format("source {} {}\n", i + 1, dump((*backfill.sources)[i]));
  for (std::size_t i = 0; i < row.queries.size(); ++i)
    text += fmt::format("q{} {}\n", i, dump(row.queries[i], backfill));
  if (row.where != nullptr) text += fmt::format("where {}\n", dump(*row.where, backfill));
  if (row.guard != nullptr) text += fmt::format("guard {}\n", dump(*row.guard, backfill));
  for (const Rule& rule : row.rules) {
    text += fmt::format("{} {} unknown {} {}\n", rule.kind == RuleKind::Exclude ? "exclude" : "review",
                        rule.name, word(rule.unknown), dump(*rule.condition, backfill));
  }
  for (const Output& output : row.outputs) {
    text +=
        fmt::format("derive {} = {}\n", backfill.table->columns[static_cast<std::size_t>(output.column)].name,
                    dump(*output.final, backfill));
  }
  if (backfill.outcome >= 0) {
    text +=
        fmt::format("outcome {} of", dump(*row.values[static_cast<std::size_t>(backfill.outcome)], backfill));
    for (const std::string& name : backfill.outcomes) text += " " + name;
    text += "\n";
  }
  for (const Effect& effect : backfill.effects) text += dump(effect, backfill);
  for (const Passed& one : backfill.passed) {
    const Effect& effect = backfill.effects[static_cast<std::size_t>(one.effect)];
    text += fmt::format("pass {} of {} to {} {}{}\n",
                        effect.table->columns[static_cast<std::size_t>(one.column)].name, effect_name(effect),
                        one.output >= 0 ? "output" : "value", std::max(one.output, one.value),
                        one.fills ? " where it is missing" : "");
    if (one.guard >= 0) {
      text.pop_back();
      text += fmt::format(" when {}\n", dump(*row.values[static_cast<std::size_t>(one.guard)], backfill));
    }
  }
  return text;
}

std::string fingerprint(const Backfill& backfill) {
  std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a, 64 bits
  for (unsigned char byte : dump(backfill)) hash = (hash ^ byte) * 1099511628211ULL;
  return fmt::format("{:016x}", hash);
}

}  // namespace backfill::ir
