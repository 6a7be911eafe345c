// SPDX-License-Identifier: Apache-2.0
#include "compiler/syntax/build.h"

#include "compiler/syntax/builder.h"
#include "compiler/syntax/scan.h"

namespace backfill::syntax {
namespace {

std::vector<Comment> comments(std::string_view text) {
  std::vector<Comment> result;
  std::uint32_t end_before = 0;
  for (const Token& token : scan(text)) {
    const bool own_line = token.newlines_before > 0 || end_before == 0;
    if (token.kind == TokenKind::Comment) result.push_back({token.span, own_line});
    end_before = token.span.end;
  }
  return result;
}

bool holds_nothing(const File& file) {
  return file.backfills.empty() && file.functions.empty() && file.uses.empty() && file.params.empty() &&
         file.sources.empty();
}

}  // namespace

std::unique_ptr<File> build(std::vector<Node> nodes, bool complete, const source::File& file,
                            diagnostic::Sink& sink) {
  auto tree = std::make_unique<File>();
  Builder builder(file, sink);
  for (const Node& node : nodes) builder.file(node, *tree);
  tree->comments = comments(file.text());
  tree->complete = complete && builder.clean();
  if (complete && holds_nothing(*tree)) {
    tree->complete = false;
    sink.report({.code = diagnostic::Code::EmptyFile,
                 .message = "this file holds no backfill and no function",
                 .help = "begin with `backfill name { table ... }`"});
  }
  return tree;
}

}  // namespace backfill::syntax
