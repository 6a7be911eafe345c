// SPDX-License-Identifier: Apache-2.0
// Native code against kernels written by hand (g++ -O3 -march=native) in the same run: ns per row, and the
// ratio. Then what compiling costs. Both sides fill the same column; native code fills class and `changed` as
// well.
#include <dlfcn.h>
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <functional>

#include "bench/kernels_by_hand.h"
#include "compiler/evaluate/evaluate.h"
#include "runtime/jit/engine.h"
#include "stdlib/batch.h"
#include "stdlib/bug.h"

namespace backfill::bench {
namespace {

using ir::Expr;
using ir::Op;
using stdlib::Decimal;
using stdlib::Kind;
using stdlib::Type;
using stdlib::Value;

constexpr std::int64_t kRows = 4096;
constexpr std::int64_t kEvaluated = 512;
constexpr int kBest = 9;

struct Spec {
  ir::Backfill backfill;
  const Expr* add(Expr expr) { return &backfill.arena->emplace_back(std::move(expr)); }
  const Expr* input(Type type) {
    backfill.row.inputs.push_back({-1, type});
    Expr expr;
    expr.op = Op::Input;
    expr.input = static_cast<int>(backfill.row.inputs.size() - 1);
    expr.type = std::move(type);
    return add(std::move(expr));
  }
  const Expr* literal(Type type, Value value) {
    Expr expr;
    expr.type = std::move(type);
    expr.value = std::move(value);
    return add(std::move(expr));
  }
  const Expr* text(const char* value) { return literal(stdlib::text(), std::string(value)); }
  const Expr* op(Op which, Type type, std::vector<const Expr*> arguments) {
    Expr expr;
    expr.op = which;
    expr.type = std::move(type);
    expr.arguments = std::move(arguments);
    return add(std::move(expr));
  }
  const Expr* convert(const Expr* value, const Type& to) {
    if (value->type.required() == to || (value->type.kind == to.kind && to.kind != Kind::Decimal))
      return value;
    Expr expr;
    expr.op = Op::Call;
    expr.function = stdlib::conversion(value->type.required(), to, false);
    BACKFILL_CHECK(expr.function != nullptr, "no such conversion");
    expr.type = to;
    expr.type.optional = value->type.optional;
    expr.arguments = {value};
    return add(std::move(expr));
  }
  const Expr* call(const char* name, std::vector<const Expr*> arguments) {
    std::vector<Type> types;
    for (const Expr* argument : arguments) types.push_back(argument->type);
    const stdlib::Resolution resolution = stdlib::resolve(name, types);
    BACKFILL_CHECK(resolution.function != nullptr, "no such function");
    Expr expr;
    expr.op = Op::Call;
    expr.function = resolution.function;
    expr.type = resolution.result;
    for (std::size_t k = 0; k < arguments.size(); ++k) {
      expr.arguments.push_back(convert(arguments[k], resolution.parameter_types[k].required()));
    }
    return add(std::move(expr));
  }
  void derive(const Expr* final) {
    ir::Output output;
    output.final = final;
    backfill.row.outputs.push_back(output);
  }
  void finish() { backfill.row.changed = literal(stdlib::make(Kind::Bool), true); }
};

const Type kInt64 = stdlib::make(Kind::Int64);
const Type kBool = stdlib::make(Kind::Bool);
const Type kTimestamp = stdlib::make(Kind::Timestamp);

void status(Spec& s) {
  const Expr* active = s.input(kBool);
  const Expr* deleted = s.input(kTimestamp.or_missing());
  const Expr* present = s.op(Op::Not, kBool, {s.op(Op::IsMissing, kBool, {deleted})});
  s.derive(s.op(Op::Case, stdlib::text(),
                {present, s.text("deleted"), active, s.text("active"), s.text("inactive")}));
}
void multiply_add(Spec& s) {
  const Expr* a = s.input(kInt64);
  const Expr* b = s.input(kInt64);
  s.derive(s.call("+", {s.call("*", {a, b}), s.input(kInt64)}));
}
void tax(Spec& s) {
  const Expr* rate = s.literal(stdlib::decimal(3, 2), Decimal{119, 2});
  s.derive(s.convert(s.call("*", {s.input(stdlib::decimal(18, 2)), rate}), stdlib::decimal(18, 2)));
}
void domain(Spec& s) {
  const Expr* two = s.literal(stdlib::make(Kind::Int32), std::int64_t{2});
  s.derive(s.call("lower", {s.call("split_part", {s.input(stdlib::text().or_missing()), s.text("@"), two})}));
}
void month(Spec& s) {
  s.derive(s.call("date_trunc", {s.text("month"), s.input(kTimestamp)}));
}
void scope(Spec& s) {
  const Expr* active = s.input(kBool);
  const Expr* deleted = s.input(kTimestamp.or_missing());
  const Expr* created = s.input(kTimestamp);
  const Expr* amount = s.input(kInt64);
  const Expr* kind = s.input(stdlib::make(Kind::Int32).or_missing());
  s.backfill.row.where =
      s.op(Op::And, kBool.or_missing(),
           {active, s.op(Op::IsMissing, kBool, {deleted}),
            s.call("<", {created, s.literal(kTimestamp, std::int64_t{1'650'000'000'000'000})}),
            s.call(">=", {amount, s.literal(kInt64, std::int64_t{100})}),
            s.call("<", {amount, s.literal(kInt64, std::int64_t{100'000})}),
            s.call("!=", {kind, s.literal(stdlib::make(Kind::Int32), std::int64_t{3})})});
}

Value sample(const Type& type, std::int64_t row) {
  const auto mixed =
      static_cast<std::int64_t>((static_cast<std::uint64_t>(row) * 0x9E3779B97F4A7C15U) >> 33U);
  if (type.optional && mixed % 5 == 0) return {};
  switch (type.kind) {
    case Kind::Bool:
      return mixed % 3 != 0;
    case Kind::Text:
      return fmt::format("user.{}@{}.Example.org", mixed % 100'000,
                         mixed % 7 == 0 ? "Mail" : "corp-internal");
    case Kind::Timestamp:
      return std::int64_t{1'500'000'000'000'000} + mixed * 100'000;
    case Kind::Decimal:
      return Decimal{mixed % 10'000'000 - 5'000'000, type.scale};
    case Kind::Int32:
      return mixed % 5;
    default:
      return mixed % 200'000;
  }
}

struct Data {
  std::vector<stdlib::ColumnBuffer> in, out;
  std::vector<stdlib::Column> columns;
  std::vector<stdlib::OutColumn> results;
  std::vector<evaluate::Row> rows;
  stdlib::Arena texts, arena;
  stdlib::Context context;

  explicit Data(const ir::Backfill& backfill) {
    rows.resize(kEvaluated);
    for (const ir::Input& input : backfill.row.inputs) {
      stdlib::ColumnBuffer& buffer = in.emplace_back(input.type);
      buffer.reserve(kRows);
      for (std::int64_t row = 0; row < kRows; ++row) {
        const Value value = sample(input.type, row);
        if (value.missing())
          buffer.set_missing(row);
        else
          buffer.set(row, value, texts);
        if (row < kEvaluated) rows[static_cast<std::size_t>(row)].inputs.push_back(value);
      }
      columns.push_back(buffer.column());
    }
    out.emplace_back(stdlib::make(Kind::Int32));
    out.emplace_back(kBool);
    for (const ir::Output& output : backfill.row.outputs) out.emplace_back(output.final->type);
    for (stdlib::ColumnBuffer& buffer : out) {
      buffer.reserve(kRows);
      results.push_back(buffer.out());
    }
    context.arena = &arena;
  }
};

double best_ns_per_row(std::int64_t rows, const std::function<void()>& run) {
  double best = 1e30;
  for (int round = 0; round < kBest; ++round) {
    int times = 0;
    const auto begin = std::chrono::steady_clock::now();
    std::chrono::duration<double, std::nano> taken{};
    do {
      run();
      ++times;
      taken = std::chrono::steady_clock::now() - begin;
    } while (taken.count() < 8e6);
    best = std::min(best, taken.count() / static_cast<double>(rows) / times);
  }
  return best;
}

std::unique_ptr<jit::Program> compile(const ir::Backfill& backfill, const jit::Options& options = {}) {
  auto engine = jit::engine();
  BACKFILL_CHECK(engine.ok(), engine.failure().message);
  auto program = (*engine)->compile(backfill, options);
  BACKFILL_CHECK(program.ok(), program.failure().message);
  return std::move(*program);
}

void race(const char* name, void (*build)(Spec&), Kernel by_hand, double goal) {
  Spec spec;
  build(spec);
  spec.finish();
  const bool dump = std::getenv("BACKFILL_BENCH_IR") != nullptr;
  const auto program = compile(spec.backfill, {"", dump});
  if (dump) fmt::print("{}\n", program->ir());
  Data data(spec.backfill);
  const auto run = [&](Kernel kernel) {
    data.arena.reset();
    kernel(data.columns.data(), data.results.data(), kRows, &data.context);
  };
  const double native = best_ns_per_row(kRows, [&] { run(program->kernel()); });
  const double hand = best_ns_per_row(kRows, [&] { run(by_hand); });
  const double walk = best_ns_per_row(kEvaluated, [&] {
    for (const evaluate::Row& row : data.rows) evaluate::decide(spec.backfill, row, {0});
  });
  fmt::print("{:<38} {:7.2f} {:7.2f} {:7.0f}   {:5.2f}  (goal {:.2f}) {}\n", name, native, hand, walk,
             native / hand, goal, native / hand <= goal ? "held" : "MISSED");
}

void many(Spec& spec, int derivations) {
  const Expr* email = spec.input(stdlib::text().or_missing());
  const Expr* amount = spec.input(kInt64);
  const Expr* active = spec.input(kBool.or_missing());
  for (int k = 0; k < derivations; ++k) {
    const Expr* number = spec.literal(kInt64, std::int64_t{k + 1});
    const Expr* sum = spec.call("+", {spec.call("*", {amount, number}), number});
    const Expr* word = spec.literal(stdlib::text(), fmt::format("plan {}", k));
    if (k % 2 == 0)
      spec.derive(spec.op(Op::Case, kInt64, {active, sum, spec.call(">", {amount, number}), number, amount}));
    else
      spec.derive(spec.op(Op::Case, stdlib::text().or_missing(),
                          {spec.call("=", {email, word}), word, spec.call("lower", {email})}));
  }
  spec.finish();
}

void latencies() {
  const auto directory = (std::filesystem::temp_directory_path() / "backfill_bench_cache").string();
  std::filesystem::remove_all(directory);
  fmt::print("\ncompile, ms                    compiled   from cache\n");
  for (const int derivations : {1, 5, 20, 100, 200}) {
    Spec spec;
    many(spec, derivations);
    const auto first = compile(spec.backfill, {directory, false});
    const auto again = compile(spec.backfill, {directory, false});
    fmt::print("{:>4} derivations              {:8.1f}     {:8.1f}{}\n", derivations, first->compile_ms(),
               again->compile_ms(), again->from_cache() && !first->from_cache() ? "" : "  (cache not used)");
  }
  std::filesystem::remove_all(directory);
}

int run() {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  const auto begin = std::chrono::steady_clock::now();
  BACKFILL_CHECK(dlopen("libLLVM.so.19.1", RTLD_LAZY) != nullptr, "libLLVM is not there");
  const auto loaded = std::chrono::steady_clock::now();
  Spec first;
  status(first);
  first.finish();
  compile(first.backfill);
  const auto end = std::chrono::steady_clock::now();
  fmt::print(
      "first kernel of the process: {:.1f} ms (goal 10), behind {:.1f} ms in which libLLVM is loaded\n\n",
      Milliseconds(end - loaded).count(), Milliseconds(loaded - begin).count());
  fmt::print("ns per row                              native by hand    walk   native / by hand\n");
  race("a status case", status, status_by_hand, 1.10);
  race("b int64 a * b + c", multiply_add, multiply_add_by_hand, 1.10);
  race("c decimal(18, 2) * 1.19, rounded", tax, tax_by_hand, 1.10);
  race("d lower(split_part(email, '@', 2))", domain, domain_by_hand, 0.70);
  race("e date_trunc('month', created_at)", month, month_by_hand, 1.10);
  race("f scope of six conditions", scope, scope_by_hand, 1.10);
  latencies();
  return 0;
}

}  // namespace
}  // namespace backfill::bench

int main() {
  return backfill::bench::run();
}
