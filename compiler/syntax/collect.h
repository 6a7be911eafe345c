// SPDX-License-Identifier: Apache-2.0
// What the parse run keeps: the stack of nodes, and where errors go.
#pragma once

#include <cstddef>
#include <vector>

#include "compiler/diagnostic/diagnostic.h"
#include "compiler/source/source.h"
#include "compiler/syntax/node.h"

namespace backfill::grammar {
struct Message;
}

namespace backfill::syntax {

// Thrown by a rule that must match, caught by the recovery rule around its clause.
struct Failure {
  const grammar::Message* message = nullptr;  // null: nested too deeply
  std::uint32_t offset = 0;
};

class Collector {
 public:
  Collector(const source::File& file, diagnostic::Sink& sink) : file_(file), sink_(sink) {}

  // Nodes: what is pushed between open and close become the children.
  void open(std::uint32_t begin) { opened_.push_back({nodes_.size(), begin}); }
  void close(NodeKind kind, std::uint32_t end, bool collapse);
  void discard();
  void blank(std::uint32_t begin, std::uint32_t end) { blank_ = {begin, end}; }

  // Recovery (grammar/recovery.h): undoes what the clause pushed, reports, and says how many bytes to skip.
  [[nodiscard]] std::size_t mark() const { return nodes_.size(); }
  std::size_t recover(std::size_t mark, std::size_t begin);

  [[nodiscard]] bool complete() const { return complete_; }
  [[nodiscard]] std::vector<Node> take() { return std::move(nodes_); }

 private:
  static constexpr std::size_t most_errors = 50;  // then the rest of the file is skipped

  struct Opened {
    std::size_t first;
    std::uint32_t begin;
  };
  void report(const Failure& failure);

  const source::File& file_;
  diagnostic::Sink& sink_;
  std::vector<Node> nodes_;
  std::vector<Opened> opened_;
  source::Span blank_;  // the latest whitespace: a node does not end in it
  std::size_t errors_ = 0;
  bool complete_ = true;
};

// How many bytes to skip from `begin` (where a clause failed): to the next clause word first on its line, the
// brace that closes the block, or the end.
std::size_t skip_clause(std::string_view text, std::uint32_t begin);

}  // namespace backfill::syntax
