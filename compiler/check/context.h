// SPDX-License-Identifier: Apache-2.0
// What the checks of one backfill share: where it comes from, what is in scope by name, and the program being
// built.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "compiler/check/facts.h"
#include "compiler/diagnostic/diagnostic.h"
#include "compiler/ir/ir.h"
#include "compiler/schema/catalog.h"
#include "compiler/syntax/tree.h"

namespace backfill::check {

using diagnostic::Code;
using diagnostic::Diagnostic;
using source::Span;

// BF0901.
Diagnostic not_supported_yet(Span span, std::string_view what);

// Functions put into each other grow past any bound; a map of a thousand arms is three thousand nodes.
constexpr std::uint64_t kMostNodes = 100'000;

class Context {
 public:
  Context(const syntax::File& file, const syntax::Backfill& spec, const schema::Catalog& catalog,
          diagnostic::Sink& sink, ir::Backfill& out)
      : file_(file), spec_(spec), catalog_(catalog), sink_(sink), out_(out) {}

  [[nodiscard]] const syntax::File& file() const { return file_; }
  [[nodiscard]] const syntax::Backfill& spec() const { return spec_; }
  [[nodiscard]] const schema::Catalog& catalog() const { return catalog_; }
  [[nodiscard]] const schema::Table& table() const { return *out_.table; }
  [[nodiscard]] ir::Backfill& out() { return out_; }

  [[nodiscard]] std::string_view source_text() const { return sink_.file().text(); }
  [[nodiscard]] diagnostic::Sink& sink() { return sink_; }

  void report(Diagnostic diagnostic);
  void report_in_silence(Diagnostic diagnostic) { sink_.report(std::move(diagnostic)); }
  void report(Code code, Span span, std::string message, std::string help = {});
  void not_supported_yet(Span span, std::string_view what);
  // While a silence stands nothing is reported: for the body of a function that was checked where it is
  // defined.
  struct Silence {
    explicit Silence(Context& context) : context_(context) { ++context_.silent_; }
    ~Silence() { --context_.silent_; }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;

   private:
    Context& context_;
  };

  struct Place {
    Span at;
    std::string module;
  };
  // While it stands, what is made and reported is at `at`: the body that is checked stands in another file.
  struct Elsewhere {
    Elsewhere(Context& context, const syntax::Function& function, Span at)
        : context_(context), saved_(context.elsewhere_) {
      if (!function.module.empty() && !context.elsewhere_) context.elsewhere_ = Place{at, function.module};
    }
    ~Elsewhere() { context_.elsewhere_ = saved_; }
    Elsewhere(const Elsewhere&) = delete;
    Elsewhere& operator=(const Elsewhere&) = delete;

   private:
    Context& context_;
    std::optional<Place> saved_;
  };

  // An expression of more than kMostNodes is refused (BF0910) once, and nothing more is made of it.
  const ir::Expr* make(ir::Expr expr);
  [[nodiscard]] bool too_large() const { return too_large_; }
  const ir::Expr* literal(stdlib::Value value, stdlib::Type type, Span span);
  // Fits everything; what it stands in was reported.
  const ir::Expr* error(Span span);
  // The one node of a column; the column becomes an input on first use. `column` is an index of the table.
  const ir::Expr* input(int column, Span span);
  // The input's index of a column that is one already.
  int input_of(int column, Span span);
  // The row of another table that the expression being checked looks at.
  struct OtherRow {
    const syntax::Name& variable;
    const schema::Table& table;
    std::map<int, const ir::Expr*> columns;  // the one node of each
    OtherRow* around = nullptr;              // of the query that this one stands in
    int depth = 0;
    bool bare_is_own = false;  // a column that does not say whose it is is this row's
  };
  // The one node of a column of a lookup's row; it becomes an input on first use.
  const ir::Expr* lookup_column(int query, int column, Span span);
  // A column of a lookup's row that is present where the row is there; -1: none is known.
  [[nodiscard]] int witness(int query) const;
  // The same expression without `optional`, where the facts prove it present.
  const ir::Expr* narrowed(const ir::Expr* expr);

  std::map<std::string, const ir::Expr*> names;  // lets, and parameters of the function being inlined
  std::map<int, const ir::Expr*> answers;        // the one node of each input that an extern function answers
  std::map<std::string, int> lookups;            // those that have been checked: RowFunction::queries
  std::set<std::string> failed_lookups;          // reported
  std::set<std::string> failed_sources;          // likewise
  OtherRow* other = nullptr;                     // set inside of a query
  const syntax::Name* qualified = nullptr;       // the name behind `row.`
  std::map<std::string, int> made;               // rows that effects name: indexes of Backfill::effects
  int passing = -1;  // the one of which a column is passed on where the condition being checked holds
  std::set<const syntax::Function*> inlining;
  std::set<const syntax::Function*> recursive;  // reported already
  // False for all but one backfill of a file: what stands outside of them is reported once.
  bool reports_file = true;
  // The last constant that failed while a silence stood.
  std::optional<Diagnostic> silenced_failure;
  Facts facts;
  int walks = 0;  // lists whose elements the expression being checked is made of

 private:
  const syntax::File& file_;
  const syntax::Backfill& spec_;
  const schema::Catalog& catalog_;
  diagnostic::Sink& sink_;
  ir::Backfill& out_;
  int silent_ = 0;
  std::optional<Place> elsewhere_;
  [[nodiscard]] bool is_there(const ir::Expr& expr) const;
  const ir::Expr* only_one(int query, const ir::Expr* column);

  std::map<int, const ir::Expr*> inputs_;                          // by column
  std::map<std::pair<int, int>, const ir::Expr*> lookup_columns_;  // by query and column
  std::map<const ir::Expr*, const ir::Expr*> required_;
  // How many nodes a walk meets: a shared node counts wherever it stands, since every reader walks the tree.
  std::unordered_map<const ir::Expr*, std::uint64_t> sizes_;
  bool too_large_ = false;
};

// Facts hold for a part of an expression or of a scope, then are forgotten.
class FactScope {
 public:
  explicit FactScope(Context& context) : context_(context), saved_(context.facts) {}
  ~FactScope() { context_.facts = std::move(saved_); }
  FactScope(const FactScope&) = delete;
  FactScope& operator=(const FactScope&) = delete;

 private:
  Context& context_;
  Facts saved_;
};

}  // namespace backfill::check
