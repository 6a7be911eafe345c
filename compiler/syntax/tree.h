// SPDX-License-Identifier: Apache-2.0
// The syntax tree of one file. Plain structs, as written: nothing is resolved, nothing is typed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/syntax/effect.h"
#include "compiler/syntax/example.h"
#include "compiler/syntax/expression.h"
#include "compiler/syntax/rollout.h"

namespace backfill::syntax {

// `use std.text` or `use "shared/money.backfill"`: one of the two.
struct Use {
  QualifiedName module;
  std::optional<Prose> file;
  Span span;
};

struct Parameter {
  Name name;
  Type type;
};

struct Function {
  Name name;
  std::vector<Parameter> parameters;
  Type result;
  ExprPtr body;  // null for an extern
  bool is_extern = false;
  bool is_effect = false;  // `extern effect fn`: what it does cannot be undone
  Span span;
  // Of a function that a `use` brought in: "shared/money.backfill:3", and the `use`. Its other spans are of
  // that file.
  std::string module;
  Span use;
};

// `param cutoff: date = date '2020-06-22'`
struct Param {
  Name name;
  Type type;
  ExprPtr initial;  // may be null: then the run must set it
  Span span;
};

struct SourceField {
  Name name;
  Type type;
  bool is_key = false;
};

// `source legacy from "legacy.csv" { slug: text key }`
struct SourceFile {
  Name name;
  Prose path;
  std::vector<SourceField> fields;
  Span span;
};

enum class TargetKind { Table, Tables, Documents };

struct Target {
  TargetKind kind = TargetKind::Table;
  std::vector<QualifiedName> tables;  // one, but for Tables
  std::vector<Name> key;
  Name store;                   // Documents: `redis`
  Prose pattern;                // Documents: "article:*"
  std::optional<Prose> schema;  // Documents
  Span span;
};

enum class LookupKind { Unique, First, Only };

// `lookup p = [first|only] q in projects where ... [order by ...] [when guard]`
struct Lookup {
  Name name;
  LookupKind kind = LookupKind::Unique;
  Query query;
  ExprPtr guard;
  Span span;
};

struct Let {
  Name name;
  ExprPtr value;
  Span span;
};

enum class IntentKind { Fill, Recompute, Amend, Reinterpret };

struct Intent {
  IntentKind kind = IntentKind::Fill;
  std::optional<Prose> approved_by;  // Reinterpret
  Span span;
};

struct Backfill {
  Name name;
  Span span;  // from `backfill` to `}`
  std::optional<Prose> about;
  std::optional<Prose> owner;
  std::optional<Intent> intent;  // absent: fill
  std::optional<Target> target;
  std::optional<Literal> about_rows;  // `expect about 5_000_000 rows`
  std::vector<Name> after;
  std::vector<Condition> requirements;
  std::vector<Param> params;
  std::vector<SourceFile> sources;
  std::vector<Function> functions;
  std::vector<Lookup> lookups;
  std::vector<Let> lets;
  std::optional<Scope> scope;
  std::vector<Effect> effects;  // in order
  std::optional<Stages> stages;
  std::optional<Pace> pace;
  std::optional<Verify> verify;
  std::optional<Rollback> rollback;
  std::optional<Impact> impact;
  std::vector<Test> tests;
};

struct Comment {
  Span span;              // from `--`, without the newline
  bool own_line = false;  // nothing but blanks stands before it
};

struct File {
  std::vector<Use> uses;
  std::vector<Function> functions;
  std::vector<Param> params;  // for all backfills of the file; so are the sources
  std::vector<SourceFile> sources;
  std::vector<Backfill> backfills;
  std::vector<Comment> comments;
  bool complete =
      true;  // false: a clause did not parse and is not in the tree; what follows from its absence is no news
};

}  // namespace backfill::syntax
