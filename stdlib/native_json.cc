// SPDX-License-Identifier: Apache-2.0
#include "stdlib/native_json.h"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "stdlib/json.h"

namespace backfill::stdlib::native_json {
namespace {

std::string_view view(Text text) {
  return {text.data, static_cast<std::size_t>(text.size)};
}
Text slice(std::string_view part) {
  return {part.data(), static_cast<std::int64_t>(part.size())};
}
Text kept(Context& context, const std::string& made) {
  if (made.size() > json::kMostBytes) return fail(context, RowError::Overflow);
  return context.arena->copy(made);
}

// Members in the order of their keys; values are slices of canonical texts or of `made`.
using Members = std::map<std::string, std::string, std::less<>>;

Members members_of(std::string_view object) {
  Members members;
  json::each_member(object, [&](std::string_view key, std::string_view value) {
    members.emplace_hint(members.end(), key, value);
    return true;
  });
  return members;
}

std::string written(const Members& members) {
  std::string result = "{";
  for (const auto& [key, value] : members) {
    if (result.size() > 1) result += ',';
    result += key;
    result += ':';
    result += value;
  }
  return result + '}';
}

std::vector<std::string> elements_of(std::string_view array) {
  std::vector<std::string> elements;
  json::each_element(array, [&](std::string_view value) {
    elements.emplace_back(value);
    return true;
  });
  return elements;
}

std::string written(const std::vector<std::string>& elements) {
  std::string result = "[";
  for (const std::string& value : elements) {
    if (result.size() > 1) result += ',';
    result += value;
  }
  return result + ']';
}

// A number of the path as a position of the list; -1: none.
long long position_in(std::string_view step, std::size_t count) {
  const long long position = std::atoll(std::string(step).c_str());
  return position < 0 ? position + static_cast<long long>(count) : position;
}

// One change at the end of a path. `at` is the value that stands there, null data if there is none; gives
// what stands there then, null optional: nothing. Sets `failed` where the path leads through something else.
class Change {
 public:
  enum class Kind { Set, Remove, Rename };
  Change(Kind kind, std::vector<std::string> path, std::string_view value)
      : kind_(kind), path_(std::move(path)), value_(value) {}

  std::string apply(std::string_view document) { return step(document, 0); }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  using Given = std::optional<std::string_view>;

  std::string step(Given at, std::size_t depth) {
    const bool nothing = !at || *at == "null";
    if (depth == path_.size()) return std::string(value_);  // Set alone goes to the end
    const bool by_key = path_[depth][0] == '"';
    if (nothing) return begun(at, by_key, depth);
    const json::Type type = json::type_of(*at);
    if (by_key && type == json::Type::Object) return in_object(*at, depth);
    if (!by_key && type == json::Type::Array) return in_array(*at, depth);
    failed_ = kind_ == Kind::Set;
    return std::string(*at);
  }

  // Where there was nothing: an object or a list that holds the rest of the path alone.
  std::string begun(Given at, bool by_key, std::size_t depth) {
    if (kind_ != Kind::Set) return std::string(at.value_or("null"));
    if (by_key) return "{" + path_[depth] + ":" + step(std::nullopt, depth + 1) + "}";
    failed_ = failed_ || position_in(path_[depth], 0) != 0;
    return "[" + step(std::nullopt, depth + 1) + "]";
  }

  std::string in_object(std::string_view object, std::size_t depth) {
    Members members = members_of(object);
    const auto found = members.find(path_[depth]);
    const bool last = depth + 1 == path_.size();
    if (kind_ == Kind::Set) {
      const Given inside = found == members.end() ? Given() : Given(found->second);
      members[path_[depth]] = step(inside, depth + 1);
    } else if (found == members.end()) {
      return std::string(object);
    } else if (!last) {
      found->second = step(found->second, depth + 1);
    } else {
      return without(std::move(members), found);
    }
    return written(members);
  }

  std::string without(Members members, Members::iterator found) {
    std::string value = std::move(found->second);
    members.erase(found);
    if (kind_ == Kind::Rename) failed_ = !members.emplace(value_, std::move(value)).second;
    return written(members);
  }

  std::string in_array(std::string_view array, std::size_t depth) {
    std::vector<std::string> elements = elements_of(array);
    const long long position = position_in(path_[depth], elements.size());
    const bool last = depth + 1 == path_.size();
    const auto index = static_cast<std::size_t>(position);
    if (position < 0 || index >= elements.size()) {
      if (kind_ != Kind::Set) return std::string(array);
      failed_ = failed_ || position < 0 || index > elements.size();  // a gap
      elements.push_back(step(std::nullopt, depth + 1));
    } else if (kind_ == Kind::Set || !last) {
      elements[index] = step(elements[index], depth + 1);
    } else {
      failed_ = failed_ || kind_ == Kind::Rename;
      elements.erase(elements.begin() + position);
    }
    return written(elements);
  }

  Kind kind_;
  std::vector<std::string> path_;
  std::string_view value_;
  bool failed_ = false;
};

Text changed(Context& context, Change::Kind kind, std::string_view document, Text path,
             std::string_view value) {
  const std::string_view steps = path.data == nullptr ? std::string_view() : view(path);
  bool whole = !steps.empty() && steps.size() <= 64 * 1024 && json::type_of(steps) == json::Type::Array;
  if (whole) {
    json::each_element(steps, [&](std::string_view step) {
      const json::Type type = json::type_of(step);
      whole = type == json::Type::String ||
              (type == json::Type::Number && step.size() <= 10 && step.find('.') == std::string_view::npos);
      return whole;
    });
  }
  if (!whole || json::count(steps) == 0 || json::count(steps) > json::kMostDepth)
    return fail(context, RowError::OutOfDomain);
  Change change(kind, elements_of(steps), value);
  const std::string made = change.apply(document);
  if (change.failed()) return fail(context, RowError::OutOfDomain);
  return kept(context, made);
}

}  // namespace

Text get(Context& context, Text document, Text key) {
  const auto found = json::member(view(document), json::quoted(view(key)));
  return found ? slice(*found) : static_cast<Text>(absent(context));
}

Text get_at(Context& context, Text list, std::int32_t position) {
  const auto found = json::element(view(list), position);
  return found ? slice(*found) : static_cast<Text>(absent(context));
}

bool has_key(Context&, Text document, Text key) {
  return json::member(view(document), json::quoted(view(key))).has_value();
}

Text type(Context& context, Text document) {
  return context.arena->copy(json::name(json::type_of(view(document))));
}

std::int32_t length(Context& context, Text document) {
  const json::Type type = json::type_of(view(document));
  if (type != json::Type::Array && type != json::Type::Object) return fail(context, RowError::OutOfDomain);
  return static_cast<std::int32_t>(json::count(view(document)));
}

Text keys(Context& context, Text document) {
  if (json::type_of(view(document)) != json::Type::Object) return fail(context, RowError::OutOfDomain);
  std::vector<std::string> names;
  json::each_member(view(document), [&](std::string_view key, std::string_view) {
    names.emplace_back(key);
    return true;
  });
  std::ranges::sort(names, [](const auto& left, const auto& right) { return json::order(left, right) < 0; });
  return kept(context, written(names));
}

Text text(Context&, Text document) {
  return document;
}

Text elements(Context& context, Text document) {
  const json::Type type = json::type_of(view(document));
  if (type == json::Type::Null) return absent(context);
  return type == json::Type::Array ? document : static_cast<Text>(fail(context, RowError::OutOfDomain));
}

Text present(Context& context, Text document) {
  const bool null = json::type_of(view(document)) == json::Type::Null;
  return null ? static_cast<Text>(fail(context, RowError::ConversionFailed)) : document;
}

// The last of equal names stays.
Text object(Context& context, Texts keys_and_values) {
  Members members;
  for (std::size_t k = 0; k + 1 < keys_and_values.size(); k += 2) {
    const Text value = keys_and_values[k + 1];
    members[std::string(view(keys_and_values[k]))] = value.data == nullptr ? "null" : view(value);
  }
  return kept(context, written(members));
}

Text array(Context& context, Texts values) {
  std::string made = "[";
  for (const Text& value : values) {
    if (made.size() > 1) made += ',';
    made += value.data == nullptr ? "null" : view(value);
  }
  return kept(context, made + ']');
}

Text set(Context& context, Text document, Text path, Text value) {
  if (value.data == nullptr) return document;
  const std::string_view before = document.data == nullptr ? "null" : view(document);
  return changed(context, Change::Kind::Set, before, path, view(value));
}

Text remove(Context& context, Text document, Text path) {
  if (document.data == nullptr) return document;
  return changed(context, Change::Kind::Remove, view(document), path, "");
}

Text rename(Context& context, Text document, Text path, Text name) {
  if (document.data == nullptr) return document;
  if (name.data == nullptr) return fail(context, RowError::OutOfDomain);
  const std::string quoted = json::quoted(view(name));
  return changed(context, Change::Kind::Rename, view(document), path, quoted);
}

Text merge(Context& context, Text left, Text right) {
  if (left.data == nullptr) return right;
  if (right.data == nullptr) return left;
  for (const Text& each : {left, right}) {
    if (json::type_of(view(each)) != json::Type::Object) return fail(context, RowError::OutOfDomain);
  }
  Members members = members_of(view(left));
  for (auto& [key, value] : members_of(view(right))) members[key] = value;
  return kept(context, written(members));
}

bool same(Context&, Text left, Text right) {
  return json::same(view(left), view(right));
}

bool differ(Context&, Text left, Text right) {
  return !json::same(view(left), view(right));
}

bool distinct(Context&, Text left, Text right) {
  if (left.data == nullptr || right.data == nullptr) return left.data != right.data;
  return !json::same(view(left), view(right));
}

bool not_distinct(Context& context, Text left, Text right) {
  return !distinct(context, left, right);
}

bool same_lists(Context& context, Text left, Text right) {
  return same(context, left, right);
}
bool differ_lists(Context& context, Text left, Text right) {
  return differ(context, left, right);
}
bool distinct_lists(Context& context, Text left, Text right) {
  return distinct(context, left, right);
}
bool not_distinct_lists(Context& context, Text left, Text right) {
  return not_distinct(context, left, right);
}

}  // namespace backfill::stdlib::native_json
