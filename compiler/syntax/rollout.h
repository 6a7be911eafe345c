// SPDX-License-Identifier: Apache-2.0
// The rollout half of the syntax tree: which rows, in which order, how fast, how we know, how we go back, who
// notices.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "compiler/syntax/expression.h"

namespace backfill::syntax {

// "prose", decoded; `span` includes the quotes.
struct Prose {
  std::string text;
  Span span;
};

enum class ScopeKind { Where, Exclude, Review };

struct ScopeEntry {
  ScopeKind kind = ScopeKind::Where;
  Name name;  // empty for Where
  ExprPtr condition;
  std::optional<bool> unknown_as;  // `unknown as false`
  std::optional<Prose> because;
  Span span;
};

struct Scope {
  std::vector<ScopeEntry> entries;
  Span span;
};

// `1000 rows`, `1%`, `all`: how many rows to take.
enum class AmountKind { Rows, Percent, All };
struct Amount {
  AmountKind kind = AmountKind::All;
  Literal number;  // Rows: Integer; Percent: Percentage
  Span span;
};

enum class GateKind { Verified, Approval, Soak, Metric };

struct Gate {
  GateKind kind = GateKind::Verified;
  Prose who;         // Approval
  Literal duration;  // Soak
  Name metric;       // Metric: metric op limit
  Operator op = Operator::None;
  ExprPtr limit;
  Span span;
};

enum class SelectionKind { Rest, Sample, Where, Keys };

struct Stage {
  Name name;
  SelectionKind selection = SelectionKind::Rest;
  Amount sample;
  std::optional<Literal> seed;  // Integer
  ExprPtr where;
  std::vector<std::vector<ExprPtr>> keys;  // one tuple per key
  std::vector<Gate> gates;
  Span span;
};

struct Stages {
  std::vector<Stage> stages;
  Span span;
};

enum class PaceKind { Batch, Pause, AtMost, Hold, Stop, Between, Workers };
enum class Unreadable { Hold, Proceed, Stop };

struct PaceRule {
  PaceKind kind = PaceKind::Batch;
  std::optional<Literal> from;      // Batch: least rows (or the only number); AtMost and Workers: the number
  std::optional<Literal> to;        // Batch: most rows
  std::optional<Literal> duration;  // Batch's aim, Pause; AtMost: the span of `per second|minute|hour`
  ExprPtr condition;                // Hold, Stop
  std::optional<Unreadable> unreadable;  // Hold
  std::string between_from, between_to;  // "22:00", "06:00"
  Prose zone;                            // UTC or 'Europe/Berlin'
  Span span;
};

struct Pace {
  std::vector<PaceRule> rules;
  Span span;
};

enum class ExpectationKind { Rise, Fall, Same, Compare };

struct Metric {
  Name name;
  ExprPtr value;
  ExpectationKind expectation = ExpectationKind::Same;
  std::optional<Literal> within;  // Same: Percentage or number
  Operator op = Operator::None;   // Compare: `expect <= 10`
  ExprPtr limit;                  // Compare
  Span span;
};

// `expect not exists(...)` of verify, and `requires` of the backfill.
struct Condition {
  ExprPtr value;
  Span span;
};

struct Verify {
  std::vector<Amount> samples;  // `sample 1000 rows then 1% then all`
  std::vector<Metric> metrics;
  std::vector<Condition> expects;
  Span span;
};

enum class CaptureKind { PriorValues, Nothing };
enum class RestoreKind { RowsUnchangedSince, Nothing };

struct Rollback {
  std::optional<CaptureKind> capture;
  Span capture_span;
  std::optional<Literal> keep;  // Duration
  std::optional<RestoreKind> restore;
  Span restore_span;
  Span span;
};

struct Tell {
  Prose who;
  Prose what;
  Span span;
};

struct Impact {
  std::vector<Prose> visible;
  std::vector<Prose> decision_bearing;
  std::vector<Tell> tells;
  Span span;
};

}  // namespace backfill::syntax
