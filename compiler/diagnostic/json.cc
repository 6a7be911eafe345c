// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "compiler/diagnostic/diagnostic.h"

namespace backfill::diagnostic {
namespace {

using Json = nlohmann::ordered_json;

Json position(const source::File& file, std::uint32_t offset) {
  const source::Position at = file.position(offset);
  return {{"offset", offset}, {"line", at.line}, {"column", at.column}, {"utf16_column", at.utf16_column}};
}

Json labels(const source::File& file, const std::vector<Label>& written) {
  Json array = Json::array();
  for (const Label& label : written)
    array.push_back({{"start", position(file, label.span.begin)},
                     {"end", position(file, label.span.end)},
                     {"text", label.text}});
  return array;
}

Json object(const source::File& file, const Diagnostic& d) {
  return {{"code", text(d.code)},
          {"severity", row(d.code).is_error ? "error" : "warning"},
          {"message", d.message},
          {"file", file.name()},
          {"start", position(file, d.span.begin)},
          {"end", position(file, d.span.end)},
          {"label", d.label},
          {"labels", labels(file, d.labels)},
          {"notes", d.notes},
          {"help", d.help},
          {"replacement", d.replacement}};
}

}  // namespace

std::string render_json(const Sink& sink) {
  Json array = Json::array();
  for (const Diagnostic& d : sink.sorted()) array.push_back(object(sink.file(), d));
  return array.dump(2, ' ', false, Json::error_handler_t::replace);  // the file may be no UTF-8
}

}  // namespace backfill::diagnostic
