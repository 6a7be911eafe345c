// SPDX-License-Identifier: Apache-2.0
#include "compiler/modules/modules.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "compiler/syntax/parse.h"
#include "stdlib/module.h"

namespace backfill::modules {

namespace {

namespace fs = std::filesystem;
using diagnostic::Code;
using diagnostic::Diagnostic;

constexpr std::string_view kKept = "--%% use ";
constexpr std::string_view kKeptLine = "--% ";

// The files that a kept text holds, by the name that the `use` has.
std::map<std::string, std::string> kept_files(std::string_view text) {
  std::map<std::string, std::string> files;
  std::string* open = nullptr;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    if (line.starts_with(kKept)) {
      open = &files[std::string(line.substr(kKept.size()))];
    } else if (line.starts_with("--%% ")) {
      open = nullptr;  // something else that is kept (source/parameters.h)
    } else if (open != nullptr && line.starts_with("--%")) {
      *open += std::string(line.substr(std::min(kKeptLine.size(), line.size()))) + "\n";
    }
  }
  return files;
}

struct Module {
  std::string name;  // `std.text`, `shared/money.backfill`: relative to the spec
  std::string text;
};

class Loader {
 public:
  Loader(const source::File& file, syntax::File& tree, diagnostic::Sink& sink)
      : tree_(tree),
        sink_(sink),
        kept_(kept_files(file.text())),
        folder_(fs::path(file.name()).parent_path()) {}

  void load() {
    for (const syntax::Use& use : tree_.uses) follow(use, use.span, "");
  }
  std::vector<Module> files;  // those that are no standard modules

 private:
  void report(Code code, source::Span span, std::string message, std::string help) {
    sink_.report({.code = code, .span = span, .message = std::move(message), .help = std::move(help)});
  }

  // `at` is the `use` of the spec by which all of this came in; `from` is the folder of the module that says
  // it.
  void follow(const syntax::Use& use, source::Span at, const std::string& from) {
    const std::optional<Module> module =
        use.file ? file(use.file->text, at, from) : standard(use.module.text(), at);
    if (!module) return;
    if (std::ranges::find(open_, module->name) != open_.end())
      return report(Code::ModuleCycle, at,
                    fmt::format("`{}` uses itself, here or by way of another module", module->name),
                    "put what both need into a module of its own");
    if (std::ranges::find(done_, module->name) != done_.end()) return;
    done_.push_back(module->name);
    open_.push_back(module->name);
    if (use.file) files.push_back(*module);
    take(*module, at);
    open_.pop_back();
  }

  std::optional<Module> standard(const std::string& name, source::Span at) {
    if (const stdlib::Module* known = stdlib::find_module(name))
      return Module{name, std::string(known->text)};
    std::vector<std::string> names;
    for (const stdlib::Module& one : stdlib::modules()) names.emplace_back(one.name);
    const std::string near = diagnostic::nearest(name, names);
    report(Code::UnknownModule, at, fmt::format("there is no module `{}`", name),
           near.empty() ? fmt::format("there are {}; a file stands in double quotes", fmt::join(names, ", "))
                        : fmt::format("did you mean `{}`?", near));
    return std::nullopt;
  }

  std::optional<Module> file(const std::string& written, source::Span at, const std::string& from) {
    const std::string name = (fs::path(from) / written).lexically_normal().generic_string();
    if (fs::path(written).is_absolute() || name.starts_with("..")) {
      report(Code::UnknownModule, at, fmt::format("`{}` is outside of the folder of the spec", written),
             "a module stands beside the spec or below it, so that both are reviewed together");
      return std::nullopt;
    }
    if (const auto known = kept_.find(name); known != kept_.end()) return Module{name, known->second};
    std::error_code error;
    const fs::path root = fs::weakly_canonical(folder_.empty() ? fs::path(".") : folder_, error);
    const fs::path real = fs::weakly_canonical(root / name, error);
    if (!fs::is_regular_file(real, error)) {
      report(Code::UnknownModule, at, fmt::format("there is no file `{}` beside the spec", name),
             "the name is relative to the file that says `use`");
      return std::nullopt;
    }
    if (fs::relative(real, root, error).generic_string().starts_with("..")) {
      report(Code::UnknownModule, at,
             fmt::format("`{}` is a link to what is outside of the folder of the spec", name),
             "a module stands beside the spec or below it, so that both are reviewed together");
      return std::nullopt;
    }
    const Result<source::File> read = source::read_file(real.string());
    if (!read) {
      report(Code::UnknownModule, at, read.failure().message, read.failure().way_out);
      return std::nullopt;
    }
    return Module{name, std::string(read->text())};
  }

  // What is wrong inside is said with its own file and line.
  void take(const Module& module, source::Span at) {
    const source::File text(module.name, module.text);
    diagnostic::Sink inside(text);
    const auto tree = syntax::parse(text, inside);
    if (!tree->complete || inside.has_errors()) {
      Diagnostic diagnostic{.code = Code::ModuleDoesNotCompile, .span = at};
      diagnostic.message = fmt::format("the module `{}` does not compile", module.name);
      for (const Diagnostic& one : inside.sorted()) {
        const source::Position place = text.position(one.span.begin);
        diagnostic.notes.push_back(
            fmt::format("{}:{}:{}: {}", module.name, place.line, place.column, one.message));
        if (diagnostic.notes.size() == 5) break;
      }
      return sink_.report(std::move(diagnostic));
    }
    if (!tree->backfills.empty() || !tree->params.empty() || !tree->sources.empty()) {
      const source::Span span = !tree->backfills.empty() ? tree->backfills[0].span
                                : !tree->params.empty()  ? tree->params[0].span
                                                         : tree->sources[0].span;
      const source::Position place = text.position(span.begin);
      return report(
          Code::ModuleDoesNotCompile, at, fmt::format("`{}` holds more than functions", module.name),
          fmt::format("take out what stands at {}:{}: modules hold functions, so that they can be used "
                      "without doing anything",
                      module.name, place.line));
    }
    for (const syntax::Use& use : tree->uses)
      follow(use, at, fs::path(module.name).parent_path().generic_string());
    for (syntax::Function& function : tree->functions) {
      const source::Position place = text.position(function.span.begin);
      function.module = fmt::format("{}:{}", module.name, place.line);
      function.use = at;
      tree_.functions.push_back(std::move(function));
    }
  }

  syntax::File& tree_;
  diagnostic::Sink& sink_;
  const std::map<std::string, std::string> kept_;
  const fs::path folder_;
  std::vector<std::string> open_, done_;
};

}  // namespace

void load(const source::File& file, syntax::File& tree, diagnostic::Sink& sink) {
  Loader(file, tree, sink).load();
}

std::string kept_text(const source::File& file) {
  diagnostic::Sink sink(file);
  const auto tree = syntax::parse(file, sink);
  std::string text(file.text());
  if (!kept_files(text).empty()) return text;
  Loader loader(file, *tree, sink);
  loader.load();
  for (const Module& module : loader.files) {
    if (!text.ends_with('\n')) text += '\n';
    text += fmt::format("{}{}\n", kKept, module.name);
    for (std::size_t at = 0; at < module.text.size();) {
      const std::size_t end = std::min(module.text.find('\n', at), module.text.size());
      text += std::string(kKeptLine) + module.text.substr(at, end - at) + "\n";
      at = end + 1;
    }
  }
  return text;
}

}  // namespace backfill::modules
