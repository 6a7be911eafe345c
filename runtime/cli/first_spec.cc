// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/first_spec.h"

#include <fmt/format.h>

#include <algorithm>

namespace backfill::cli {

namespace {

using schema::Column;
using stdlib::Kind;

std::string doubled(std::string_view text, char mark) {
  std::string out;
  for (const char c : text) out.append(c == mark ? 2 : 1, c);
  return out;
}

// A name as a spec writes it: quoted unless it is a plain one.
std::string spelled(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool is_plain =
      std::ranges::all_of(name, plain) && !name.empty() && !(name[0] >= '0' && name[0] <= '9');
  return is_plain ? name : fmt::format("\"{}\"", doubled(name, '"'));
}

std::string some_value(const stdlib::Type& type) {
  switch (type.kind) {
    case Kind::Bool:
      return "false";
    case Kind::Int16:
    case Kind::Int32:
    case Kind::Int64:
      return "0";
    case Kind::Float32:
    case Kind::Float64:
      return "0e0";
    case Kind::Decimal:
      return "0";
    case Kind::Date:
      return "date '2024-01-31'";
    case Kind::Timestamp:
      return "timestamp '2024-01-31T10:00:00Z'";
    case Kind::Text:
      return "'x'";
    default:
      return "";
  }
}

class FirstSpec {
 public:
  explicit FirstSpec(const schema::Table& table) : table_(table) {
    for (std::size_t k = 0; k < table.columns.size(); ++k) {
      const Column& column = table.columns[k];
      if (column.type.optional && !column.generated && !is_key(static_cast<int>(k)) &&
          !some_value(column.type).empty())
        nullable_.push_back(&column);
    }
  }

  std::string text() {
    line("-- A first spec: say what it is for, which rows, and what they become. Then `backfill check`.");
    line("backfill {} {{", spelled(lower(table_.name) + "_backfill"));
    line("  about \"...\"");
    line("  owner \"...\"");
    line("  intent {}", fills() ? "fill" : "amend");
    line("");
    line("  table {} key ({})", spelled(table_.name), key());
    line("");
    scope();
    derivations();
    rollout();
    test();
    line("}}");
    return std::move(out_);
  }

 private:
  template <typename... T>
  void line(fmt::format_string<T...> format, T&&... values) {
    fmt::format_to(std::back_inserter(out_), format, std::forward<T>(values)...);
    out_ += '\n';
  }

  static std::string lower(std::string text) {
    for (char& c : text) {
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return text;
  }

  [[nodiscard]] bool fills() const { return !nullable_.empty(); }
  [[nodiscard]] const Column& column(int index) const {
    return table_.columns[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] bool is_key(int index) const {
    const schema::Key* primary = table_.primary_key();
    return primary != nullptr && std::ranges::count(primary->columns, index) > 0;
  }

  [[nodiscard]] std::string key() const {
    const schema::Key* primary = table_.primary_key();
    if (primary == nullptr) return spelled(table_.columns.front().name);
    std::string names;
    for (const int index : primary->columns)
      names += (names.empty() ? "" : ", ") + spelled(column(index).name);
    return names;
  }

  void scope() {
    line(
        "  -- Which rows must be left alone? Too new, locked or corrected by hand, legally held, ambiguous.");
    line("  scope {{");
    if (fills()) line("    where {} is missing", spelled(nullable_.front()->name));
    line(
        "    -- exclude too_new when created_at > now() - 1 hour because \"the application still writes "
        "these\"");
    line("    -- review  unclear when ...                          because \"for a person to decide\"");
    line("  }}\n");
  }

  void derivations() {
    line("  -- What do they become? Each reads the row as it was before.");
    if (!fills())
      line(
          "  -- No column may be missing, so there is nothing to fill: say which values are wrong, and in "
          "`scope` where.");
    for (const Column* target : nullable_) {
      const bool first = target == nullable_.front();
      line("  {}derive {} = {}  -- {}", first ? "" : "-- ", spelled(target->name), some_value(target->type),
           stdlib::to_string(target->type));
    }
    if (!fills()) {
      for (std::size_t k = 0; k < table_.columns.size(); ++k) {
        const Column& target = table_.columns[k];
        if (!is_key(static_cast<int>(k)) && !target.generated)
          line("  -- derive {} = ...  -- {}", spelled(target.name), stdlib::to_string(target.type));
      }
    }
    line("");
  }

  void rollout() {
    line("  stages {{");
    line("    canary sample 100 rows seed 1 then verified");
    line("    rest then verified");
    line("  }}\n");
    line("  verify {{ sample 1000 rows then all }}\n");
    line("  rollback {{ capture prior values keep 30 days  restore rows unchanged since }}");
  }

  void test() {
    if (!fills()) return;
    std::string given;
    const schema::Key* primary = table_.primary_key();
    for (std::size_t k = 0; k < table_.columns.size(); ++k) {
      const bool in_key = primary != nullptr ? is_key(static_cast<int>(k)) : k == 0;
      if (!in_key || some_value(table_.columns[k].type).empty()) continue;
      given += fmt::format("{}{}: {}", given.empty() ? "" : ", ", spelled(table_.columns[k].name),
                           some_value(table_.columns[k].type));
    }
    const Column& target = *nullable_.front();
    line("\n  test \"a row without {}\" {{", doubled(target.name, '"'));
    line("    given {{ {} }}", given);
    line("    expect {{ {}: {} }}", spelled(target.name), some_value(target.type));
    line("  }}");
  }

  const schema::Table& table_;
  std::vector<const Column*> nullable_;
  std::string out_;
};

}  // namespace

std::string first_spec(const schema::Table& table) {
  return FirstSpec(table).text();
}

}  // namespace backfill::cli
