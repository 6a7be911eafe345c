// SPDX-License-Identifier: Apache-2.0
// From the C++ signature of a native body, at compile time: the function that native code calls, with scalars
// apart (function.h, Native, has the ABI), the parameters' Physicals, and the evaluator's call. A body is `R
// body(Context&, A...)`; A and R are bool, int16..int64, double, Text, DecimalArgument / DecimalResult, and
// as the last parameter Texts (a variadic tail) or ResultType. It raises errors in context.errors, never
// throws, and allocates in context.arena only.
#pragma once

#include <span>
#include <tuple>
#include <type_traits>
#include <utility>

#include "stdlib/abi.h"
#include "stdlib/batch.h"
#include "stdlib/function.h"

namespace backfill::stdlib {

struct DecimalArgument {
  Int128 unscaled;
  std::int32_t scale;
};
struct DecimalResult {
  Int128 unscaled;
};
using Texts = std::span<const Text>;
struct ResultType {
  std::int32_t precision;
  std::int32_t scale;
};

// What the body says where it cannot answer: `return fail(context, RowError::Overflow);`
struct Failed {
  operator bool() const { return false; }
  operator Text() const { return {"", 0}; }
  operator DecimalResult() const { return {0}; }
  template <typename T, typename = std::enable_if_t<std::is_arithmetic_v<T> && !std::is_same_v<T, bool>>>
  operator T() const {
    return T{};
  }
};
inline Failed fail(Context& context, RowError error) {
  context.errors |= static_cast<std::uint32_t>(error);
  return {};
}

// Under NullRule::Finds: there is no such thing.
inline Failed absent(Context& context) {
  context.errors |= kAbsent;
  return {};
}

namespace detail {

struct Halves {
  std::int64_t low;
  std::int64_t high;
};
inline Halves halves(Int128 value) {
  return {static_cast<std::int64_t>(value), static_cast<std::int64_t>(value >> 64)};
}
inline Int128 whole(std::uint64_t low, std::uint64_t high) {
  return static_cast<Int128>((static_cast<unsigned __int128>(high) << 64) | low);
}

template <typename... T>
struct List {};

// One parameter type: the scalars it is flattened to, how they become it again, how a Value becomes it.
template <typename T>
struct Passing {
  static_assert(std::is_same_v<T, std::int16_t> || std::is_same_v<T, std::int32_t> ||
                    std::is_same_v<T, std::int64_t> || std::is_same_v<T, double>,
                "not a type that native bodies may take");
  using Flat = List<T>;
  static constexpr Physical physical = std::is_same_v<T, std::int16_t>   ? Physical::Int16
                                       : std::is_same_v<T, std::int32_t> ? Physical::Int32
                                       : std::is_same_v<T, std::int64_t> ? Physical::Int64
                                                                         : Physical::Float64;
  static T join(T value) { return value; }
  static T from(const Value& value) {
    if constexpr (std::is_same_v<T, double>)
      return value.missing() ? 0.0 : value.number();
    else
      return value.missing() ? T{} : static_cast<T>(value.integer());
  }
  static Value result(T value, const Type&) {
    if constexpr (std::is_same_v<T, double>)
      return value;
    else
      return std::int64_t{value};
  }
  using Return = T;
  static Return give(T value) { return value; }
};

template <>
struct Passing<bool> {
  using Flat = List<std::uint8_t>;
  static constexpr Physical physical = Physical::Bool;
  static bool join(std::uint8_t value) { return value != 0; }
  static bool from(const Value& value) { return !value.missing() && value.boolean(); }
  static Value result(bool value, const Type&) { return value; }
  using Return = std::uint8_t;
  static Return give(bool value) { return value ? 1 : 0; }
};

template <>
struct Passing<Text> {
  using Flat = List<const char*, std::int64_t>;
  static constexpr Physical physical = Physical::Text;
  static Text join(const char* data, std::int64_t size) { return {data, size}; }
  static Value result(Text value, const Type&) {
    if (value.data == nullptr) return {};
    return std::string(value.data, static_cast<std::size_t>(value.size));
  }
  using Return = Text;
  static Return give(Text value) { return value; }
};

template <>
struct Passing<DecimalArgument> {
  using Flat = List<std::uint64_t, std::uint64_t, std::int32_t>;
  static constexpr Physical physical = Physical::Int128;
  static DecimalArgument join(std::uint64_t low, std::uint64_t high, std::int32_t scale) {
    return {whole(low, high), scale};
  }
  static DecimalArgument from(const Value& value) {
    return {value.decimal().unscaled, static_cast<std::int32_t>(value.decimal().scale)};
  }
};

template <>
struct Passing<DecimalResult> {
  static constexpr Physical physical = Physical::Int128;
  static Value result(DecimalResult value, const Type& type) { return Decimal{value.unscaled, type.scale}; }
  using Return = Halves;
  static Return give(DecimalResult value) { return halves(value.unscaled); }
};

template <>
struct Passing<Texts> {
  using Flat = List<const Text*, std::int64_t>;
  static constexpr Physical physical = Physical::Text;
  static Texts join(const Text* first, std::int64_t count) {
    return {first, static_cast<std::size_t>(count)};
  }
};

template <>
struct Passing<ResultType> {
  using Flat = List<std::int32_t, std::int32_t>;
  static ResultType join(std::int32_t precision, std::int32_t scale) { return {precision, scale}; }
};

// A text with readable bytes behind it; {nullptr, 0} where missing.
inline Text place(const Value& value, Arena& arena) {
  return value.missing() ? Text{nullptr, 0} : arena.copy(value.text());
}

template <typename... Lists>
struct Concatenate;
template <>
struct Concatenate<> {
  using type = List<>;
};
template <typename... A>
struct Concatenate<List<A...>> {
  using type = List<A...>;
};
template <typename... A, typename... B, typename... Rest>
struct Concatenate<List<A...>, List<B...>, Rest...> {
  using type = typename Concatenate<List<A..., B...>, Rest...>::type;
};

template <typename T>
struct Size;
template <typename... T>
struct Size<List<T...>> {
  static constexpr std::size_t value = sizeof...(T);
};

// Where each parameter's scalars begin.
template <typename... A>
constexpr std::array<std::size_t, sizeof...(A) + 1> offsets() {
  std::array<std::size_t, sizeof...(A) + 1> result{};
  const std::size_t sizes[] = {Size<typename Passing<A>::Flat>::value..., 0};
  for (std::size_t i = 0; i < sizeof...(A); ++i) result[i + 1] = result[i] + sizes[i];
  return result;
}

template <typename T, std::size_t offset, typename Tuple, std::size_t... I>
T join_at(const Tuple& scalars, std::index_sequence<I...>) {
  return Passing<T>::join(std::get<offset + I>(scalars)...);
}

template <auto body, typename Result, typename Arguments, typename Flat>
struct Thunk;
template <auto body, typename Result, typename... A, typename... F>
struct Thunk<body, Result, List<A...>, List<F...>> {
  static typename Passing<Result>::Return call(Context* context, F... scalars) {
    return run(*context, std::tuple<F...>(scalars...), std::index_sequence_for<A...>());
  }
  template <std::size_t... I>
  static typename Passing<Result>::Return run(Context& context, const std::tuple<F...>& scalars,
                                              std::index_sequence<I...>) {
    constexpr auto begin = offsets<A...>();
    return Passing<Result>::give(
        body(context, join_at<A, begin[I]>(
                          scalars, std::make_index_sequence<Size<typename Passing<A>::Flat>::value>())...));
  }
};

template <typename T>
T argument(std::size_t index, std::span<const Value> arguments, const Type& result, Arena& arena) {
  if constexpr (std::is_same_v<T, Text>) {
    return place(arguments[index], arena);
  } else if constexpr (std::is_same_v<T, Texts>) {
    const std::size_t count = arguments.size() - index;
    std::size_t space = count * sizeof(Text) + alignof(Text);
    void* storage = arena.allocate(space);
    auto* texts = static_cast<Text*>(std::align(alignof(Text), count * sizeof(Text), storage, space));
    for (std::size_t i = 0; i < count; ++i) texts[i] = place(arguments[index + i], arena);
    return {texts, count};
  } else if constexpr (std::is_same_v<T, ResultType>) {
    return {result.precision, result.scale};
  } else {
    return Passing<T>::from(arguments[index]);
  }
}

inline RowError first_error(std::uint32_t bits) {
  return static_cast<RowError>(bits & (~bits + 1));
}

bool decided_missing(const Function& function, std::span<const Value> arguments);

template <auto body, typename Result, typename... A>
struct Evaluation {
  static Value evaluate(const Function& function, std::span<const Value> arguments, std::span<const Type>,
                        const Type& result, EvaluateContext& evaluation) {
    if (decided_missing(function, arguments)) return {};
    return run(arguments, result, evaluation, std::index_sequence_for<A...>());
  }
  template <std::size_t... I>
  static Value run(std::span<const Value> arguments, const Type& result, EvaluateContext& evaluation,
                   std::index_sequence<I...>) {
    thread_local Arena arena;
    arena.reset();
    Context context{0, evaluation.now, &arena};
    const Result value = body(context, argument<A>(I, arguments, result, arena)...);
    if (context.errors == 0) return Passing<Result>::result(value, result);
    if (context.errors == kAbsent) return {};
    evaluation.error = first_error(context.errors);
    return {};
  }
};

template <auto body, typename Signature>
struct Description;
template <auto body, typename Result, typename... A>
struct Description<body, Result (*)(Context&, A...)> {
  using Call = Thunk<body, Result, List<A...>, typename Concatenate<typename Passing<A>::Flat...>::type>;
  static constexpr bool wants_result = (std::is_same_v<A, ResultType> || ... || false);

  static Native native(std::string_view symbol) {
    Native result;
    result.address = reinterpret_cast<void*>(&Call::call);
    result.symbol = symbol;
    (add<A>(result.parameters), ...);
    result.result = Passing<Result>::physical;
    result.wants_result = wants_result;
    return result;
  }
  template <typename T>
  static void add(std::vector<Physical>& parameters) {
    if constexpr (!std::is_same_v<T, ResultType>) parameters.push_back(Passing<T>::physical);
  }
  static constexpr EvaluateFunction evaluate = &Evaluation<body, Result, A...>::evaluate;
};

}  // namespace detail

// What a row takes from a body: `.native(native<&split_part>("bf_split_part"))`. The symbol must outlive the
// table.
struct Body {
  Native native;
  EvaluateFunction evaluate;
};
template <auto body>
Body native(std::string_view symbol) {
  using Description = detail::Description<body, decltype(body)>;
  return {Description::native(symbol), Description::evaluate};
}

}  // namespace backfill::stdlib
