// SPDX-License-Identifier: Apache-2.0
#include "tests/stdlib/expression.h"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cstdlib>

#include "stdlib/calendar.h"
#include "stdlib/decimal.h"

namespace backfill::stdlib::test {
namespace {

class Parser {
 public:
  explicit Parser(std::string_view text) : rest_(text) {}

  Computed whole() {
    Computed result = comparison();
    skip();
    if (!rest_.empty() && result.problem.empty()) result.problem = fmt::format("cannot read '{}'", rest_);
    return result;
  }

 private:
  void skip() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }
  bool take(std::string_view token) {
    skip();
    if (!rest_.starts_with(token)) return false;
    rest_.remove_prefix(token.size());
    return true;
  }
  std::string_view word() {
    skip();
    std::size_t size = 0;
    while (size < rest_.size() &&
           (std::isalnum(static_cast<unsigned char>(rest_[size])) != 0 || rest_[size] == '_'))
      ++size;
    const std::string_view result = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return result;
  }

  static Computed converted(Computed from, const Type& to) {
    if (!from.problem.empty() || from.error != RowError::None) return from;
    if (from.type.kind == Kind::Missing || from.type.required() == to)
      return {from.value, to, RowError::None, ""};
    const Function* row = conversion(from.type, to, false);
    if (row == nullptr) {
      if (from.type.kind == to.kind) return {from.value, to, RowError::None, ""};
      from.problem = fmt::format("no conversion from {} to {}", to_string(from.type), to_string(to));
      return from;
    }
    return evaluated(*row, {from}, to);
  }
  static Computed evaluated(const Function& row, const std::vector<Computed>& arguments, const Type& type) {
    std::vector<Value> values;
    std::vector<Type> types;
    for (const Computed& argument : arguments) {
      values.push_back(argument.value);
      types.push_back(argument.type);
    }
    EvaluateContext context;
    Computed result;
    result.value = row.evaluate(row, values, types, type, context);
    result.type = type;
    result.error = context.error;
    if (context.error != RowError::None && !result.value.missing()) result.problem = "an error with a value";
    return result;
  }
  static Computed called(std::string_view name, std::vector<Computed> arguments) {
    std::vector<Type> types;
    for (const Computed& argument : arguments) {
      if (!argument.problem.empty() || argument.error != RowError::None) return argument;
      types.push_back(argument.value.missing() ? argument.type.or_missing() : argument.type);
    }
    const Resolution resolution = resolve(name, types);
    if (resolution.function == nullptr) return {{}, {}, RowError::None, fmt::format("no row for {}", name)};
    for (std::size_t i = 0; i < arguments.size(); ++i) {
      arguments[i] = converted(arguments[i], resolution.parameter_types[i]);
      if (!arguments[i].problem.empty() || arguments[i].error != RowError::None) return arguments[i];
    }
    return evaluated(*resolution.function, arguments, resolution.result);
  }

  static bool takes_json(std::string_view name) { return name == "json_object" || name == "json_array"; }
  static Computed as_json(Computed value) {
    if (value.value.missing()) return {{}, make(Kind::Json), value.error, value.problem};
    return called("to_json", {std::move(value)});
  }
  // As the checker makes it: an array of the elements, of the first one's type.
  Computed list() {
    std::vector<Computed> elements;
    Type element = make(Kind::Missing);
    while (!take("]")) {
      elements.push_back(comparison());
      if (elements.size() == 1) element = elements[0].type;
      elements.back() = as_json(elements.back());
      take(",");
    }
    Computed made = elements.empty() ? Computed{std::string("[]"), {}, RowError::None, ""}
                                     : called("json_array", std::move(elements));
    made.type = list_of(element);
    return made;
  }
  // `name: value` is the name as JSON, then the value.
  void argument(std::vector<Computed>& arguments, bool json) {
    const std::string_view before = rest_;
    const std::string_view label = word();
    if (!label.empty() && take(":")) {
      arguments.push_back(as_json({std::string(label), text(), RowError::None, ""}));
    } else {
      rest_ = before;
    }
    arguments.push_back(json ? as_json(comparison()) : comparison());
  }

  Computed comparison() {
    Computed left = joined();
    for (const std::string_view op :
         {"is not distinct from", "is distinct from", "like", "!=", "<=", ">=", "<", ">", "="}) {
      if (take(op)) return called(op, {left, joined()});
    }
    return left;
  }
  Computed joined() {
    Computed left = sum();
    while (take("||")) left = called("||", {left, sum()});
    return left;
  }
  Computed sum() {
    Computed left = product();
    while (true) {
      if (take("+ "))
        left = called("+", {left, product()});
      else if (take("- "))
        left = called("-", {left, product()});
      else
        return left;
    }
  }
  Computed product() {
    Computed left = unary();
    while (true) {
      if (take("* "))
        left = called("*", {left, unary()});
      else if (take("/ "))
        left = called("/", {left, unary()});
      else if (take("% "))
        left = called("%", {left, unary()});
      else
        return left;
    }
  }
  Computed unary() {
    skip();
    const bool literal =
        rest_.size() > 1 && rest_[0] == '-' && std::isdigit(static_cast<unsigned char>(rest_[1])) != 0;
    if (!literal && take("-")) return called("-", {unary()});
    Computed value = primary();
    while (take("as ")) value = converted(value, type());
    return value;
  }
  Type type() {
    if (take("[")) {
      const Type element = type();
      take("]");
      return list_of(element);
    }
    const std::string_view name = word();
    if (name == "decimal" && take("(")) {
      const int precision = std::atoi(std::string(word()).c_str());
      take(",");
      const int scale = std::atoi(std::string(word()).c_str());
      take(")");
      return decimal(precision, scale);
    }
    for (int kind = 0; kind <= static_cast<int>(Kind::Error); ++kind) {
      if (to_string(make(static_cast<Kind>(kind))) == name) return make(static_cast<Kind>(kind));
    }
    return make(Kind::Error);
  }
  std::string quoted() {
    std::string text;
    take("'");
    while (!rest_.empty()) {
      if (rest_.front() == '\'' && !rest_.starts_with("''")) break;
      if (rest_.front() == '\'') rest_.remove_prefix(1);
      text += rest_.front();
      rest_.remove_prefix(1);
    }
    rest_.remove_prefix(1);
    return text;
  }
  static std::string bytes(const std::string& hex) {
    std::string result;
    for (std::size_t i = 0; i + 1 < hex.size(); i += 2)
      result += static_cast<char>(std::strtol(hex.substr(i, 2).c_str(), nullptr, 16));
    return result;
  }
  Computed number() {
    std::size_t size = 1;
    while (size < rest_.size() && (std::isdigit(static_cast<unsigned char>(rest_[size])) != 0 ||
                                   rest_[size] == '.' || rest_[size] == 'e'))
      ++size;
    const std::string text(rest_.substr(0, size));
    rest_.remove_prefix(size);
    if (text.find('e') != std::string::npos)
      return {std::strtod(text.c_str(), nullptr), make(Kind::Float64), RowError::None, ""};
    const Decimal exact = parse_decimal(text).value();
    const auto scale = exact.scale;
    if (text.find('.') != std::string::npos) {
      return {exact, decimal(std::max(scale + 1, static_cast<int>(text.size()) - 1), scale), RowError::None,
              ""};
    }
    const auto integer = static_cast<std::int64_t>(exact.unscaled);
    for (const auto& [unit, length] : {std::pair<std::string_view, std::int64_t>{"days", kDay},
                                       {"day", kDay},
                                       {"hours", kHour},
                                       {"hour", kHour},
                                       {"minutes", kMinute},
                                       {"ms", 1000}}) {
      if (take(unit)) return {integer * length, make(Kind::Interval), RowError::None, ""};
    }
    const bool narrow = integer == static_cast<std::int32_t>(integer);
    return {integer, make(narrow ? Kind::Int32 : Kind::Int64), RowError::None, ""};
  }
  Computed primary() {
    skip();
    if (rest_.empty()) return {{}, {}, RowError::None, "nothing to read"};
    if (take("(")) {
      Computed inner = comparison();
      if (!take(")")) inner.problem = "no )";
      return inner;
    }
    if (rest_.front() == '/') {
      std::size_t size = 1;
      while (size < rest_.size() && rest_[size] != '/') size += rest_[size] == '\\' ? 2 : 1;
      const std::string pattern(rest_.substr(1, size - 1));
      rest_.remove_prefix(size + 1);
      return {pattern, text(), RowError::None, ""};
    }
    if (take("[")) return list();
    if (rest_.front() == '\'') return {quoted(), text(), RowError::None, ""};
    if (std::isdigit(static_cast<unsigned char>(rest_.front())) != 0 || rest_.front() == '-') return number();
    const std::string_view name = word();
    if (name == "missing") return {{}, make(Kind::Missing), RowError::None, ""};
    if (name == "true" || name == "false") return {name == "true", make(Kind::Bool), RowError::None, ""};
    if (name == "date" && rest_.starts_with(" '"))
      return {std::int64_t{parse_date(quoted()).value()}, make(Kind::Date), RowError::None, ""};
    if (name == "timestamp" && rest_.starts_with(" '"))
      return {parse_timestamp(quoted()).value(), make(Kind::Timestamp), RowError::None, ""};
    if (name == "time" && rest_.starts_with(" '"))
      return {parse_time(quoted()).value(), make(Kind::Time), RowError::None, ""};
    if (name == "x" && rest_.starts_with("'")) {
      return {bytes(quoted()), make(Kind::Bytes), RowError::None, ""};
    }
    if (!take("(")) return {{}, {}, RowError::None, fmt::format("unknown '{}'", name)};
    std::vector<Computed> arguments;
    if (!take(")")) {
      do argument(arguments, takes_json(name));
      while (take(","));
      take(")");
    }
    return called(name, arguments);
  }

  std::string_view rest_;
};

TEST_CASE("every example of the table gives what it says") {
  int computed = 0;
  for (const Function& row : functions()) {
    for (const Example& example : row.examples) {
      INFO(signature(row) << ": " << example.expression);
      const Computed actual = compute(example.expression);
      REQUIRE(actual.problem.empty());
      ++computed;
      if (example.result.starts_with("error: ")) {
        CHECK(text(actual.error) == example.result.substr(7));
        continue;
      }
      REQUIRE(actual.error == RowError::None);
      if (actual.type.kind == Kind::Decimal && !actual.value.missing()) {
        CHECK(literal(actual.value, actual.type) == example.result);
        continue;
      }
      INFO(literal(actual.value, actual.type));
      CHECK((actual.value == compute(example.result).value));
    }
  }
  CHECK(computed > 300);
}

}  // namespace

Computed compute(std::string_view expression) {
  return Parser(expression).whole();
}

}  // namespace backfill::stdlib::test
