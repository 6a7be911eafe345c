// SPDX-License-Identifier: Apache-2.0
#include "runtime/cli/connection.h"

#include <fmt/format.h>

#include <toml++/toml.h>
#include <cstdlib>
#include <filesystem>

#include "compiler/diagnostic/diagnostic.h"

namespace backfill::cli {

namespace fs = std::filesystem;

fs::path settings_file(const std::string& near) {
  std::error_code error;
  fs::path folder = near.empty() ? fs::absolute(".", error) : fs::absolute(near, error).parent_path();
  for (folder = folder.lexically_normal(); !folder.empty(); folder = folder.parent_path()) {
    if (fs::is_regular_file(folder / "backfill.toml", error)) return folder / "backfill.toml";
    if (folder == folder.root_path()) break;
  }
  return {};
}

namespace {

bool looks_like_url(const std::string& text) {
  if (text.find(':') != std::string::npos) return true;
  const std::string end = fs::path(text).extension();
  return end == ".db" || end == ".sqlite" || end == ".sqlite3" || end == ".db3";
}

std::string percent_encoded(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const bool plain =
        (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
    out += plain ? std::string(1, c) : fmt::format("%{:02X}", static_cast<unsigned char>(c));
  }
  return out;
}

// scheme://user@host -> scheme://user:password@host
Result<std::string> with_password(const std::string& url, const std::string& variable,
                                  const std::string& entry) {
  const char* password = std::getenv(variable.c_str());
  if (password == nullptr) {
    return fatal(fmt::format("the database `{}` takes its password from the variable {}, which is not set",
                             entry, variable),
                 fmt::format("export {}=...", variable));
  }
  const std::size_t at = url.find('@');
  if (at == std::string::npos)
    return fatal(fmt::format("the url of `{}` names no user for the password", entry));
  return url.substr(0, at) + ":" + percent_encoded(password) + url.substr(at);
}

std::string beside(const fs::path& settings, const std::string& url) {
  constexpr std::string_view kSqlite = "sqlite:";
  if (!url.starts_with(kSqlite)) return url;
  const fs::path path = url.substr(kSqlite.size());
  return std::string(kSqlite) + (path.is_absolute() ? path : settings.parent_path() / path).string();
}

Failure unknown_entry(const toml::table& databases, const std::string& name, const fs::path& settings) {
  std::vector<std::string> names;
  for (const auto& [key, value] : databases) names.emplace_back(key.str());
  const std::string near = diagnostic::nearest(name, names);
  return fatal(fmt::format("{} has no [database.{}]", settings.string(), name),
               !near.empty()   ? fmt::format("did you mean `{}`?", near)
               : names.empty() ? "it has no databases at all"
                               : fmt::format("it has {}", fmt::join(names, ", ")));
}

Result<std::string> from_entry(const toml::table& entry, const std::string& name, const fs::path& settings) {
  const auto url = entry["url"].value<std::string>();
  if (!url) return fatal(fmt::format("[database.{}] in {} has no url", name, settings.string()));
  const std::size_t at = url->find('@');
  const std::size_t authority = url->find("://");
  if (at != std::string::npos && authority != std::string::npos && url->find(':', authority + 3) < at) {
    return fatal(fmt::format("the url of [database.{}] in {} holds a password", name, settings.string()),
                 "take it out, and name the variable that holds it: password_env = \"...\"");
  }
  const auto variable = entry["password_env"].value<std::string>();
  return variable ? with_password(*url, *variable, name) : Result<std::string>(beside(settings, *url));
}

Result<std::string> from_settings(const std::string& name, const std::string& near) {
  const fs::path settings = settings_file(near);
  if (settings.empty()) {
    return fatal(
        fmt::format("`{}` is no database URL, and no backfill.toml was found that could name it", name),
        "write a URL such as `sqlite:path/to.db`");
  }
  try {
    const toml::table file = toml::parse_file(settings.string());
    const toml::table* databases = file["database"].as_table();
    if (databases == nullptr) return fatal(fmt::format("{} has no [database.{}]", settings.string(), name));
    const toml::table* entry = (*databases)[name].as_table();
    return entry != nullptr ? from_entry(*entry, name, settings) : unknown_entry(*databases, name, settings);
  } catch (const toml::parse_error& error) {
    return fatal(fmt::format("cannot read {}: line {}: {}", settings.string(), error.source().begin.line,
                             error.description()));
  }
}

}  // namespace

Result<std::string> database_url(const std::string& given, const std::string& near) {
  std::string name = given;
  if (name.empty()) {
    if (const char* variable = std::getenv("BACKFILL_DB"); variable != nullptr) name = variable;
  }
  if (name.empty()) return fatal("no database is named", "add `--db sqlite:path/to.db`, or set BACKFILL_DB");
  if (looks_like_url(name)) return name;
  return from_settings(name, near);
}

std::string cache_directory() {
  if (const char* cache = std::getenv("XDG_CACHE_HOME"); cache != nullptr && *cache == '/')
    return std::string(cache) + "/backfill";
  if (const char* home = std::getenv("HOME"); home != nullptr && *home == '/')
    return std::string(home) + "/.cache/backfill";
  return {};
}

}  // namespace backfill::cli
