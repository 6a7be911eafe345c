// SPDX-License-Identifier: Apache-2.0
// In the module: one LLJIT and one TargetMachine, and the programs that live in them.
#include <fmt/format.h>
#include <llvm/ExecutionEngine/Orc/LLJIT.h>
#include <llvm/Support/TargetSelect.h>
#include <llvm/Support/raw_ostream.h>

#include <chrono>
#include <cmath>
#include <cstring>
#include <mutex>

#include "compiler/lower/llvm/lower.h"
#include "runtime/jit/compiler.h"
#include "runtime/jit/make.h"
#include "runtime/jit/object_cache.h"

extern "C" {
// Of the C compiler's runtime: 128-bit division.
__int128 __divti3(__int128, __int128);
__int128 __modti3(__int128, __int128);
unsigned __int128 __udivti3(unsigned __int128, unsigned __int128);
unsigned __int128 __umodti3(unsigned __int128, unsigned __int128);
}

namespace backfill::jit {
namespace {

namespace orc = llvm::orc;

class Compiled final : public Program {
 public:
  Compiled(orc::ExecutionSession& session, orc::JITDylib& library, orc::ResourceTrackerSP tracker)
      : session_(session), library_(library), tracker_(std::move(tracker)) {}
  ~Compiled() override {
    llvm::consumeError(tracker_->remove());
    llvm::consumeError(session_.removeJITDylib(library_));
  }
  Compiled(const Compiled&) = delete;
  Compiled& operator=(const Compiled&) = delete;

  [[nodiscard]] Kernel kernel() const override { return kernel_; }
  [[nodiscard]] const std::string& ir() const override { return ir_; }
  [[nodiscard]] double compile_ms() const override { return compile_ms_; }
  [[nodiscard]] bool from_cache() const override { return from_cache_; }

  Kernel kernel_ = nullptr;
  std::string ir_;
  double compile_ms_ = 0;
  bool from_cache_ = false;

 private:
  orc::ExecutionSession& session_;
  orc::JITDylib& library_;
  orc::ResourceTrackerSP tracker_;
};

class OrcEngine final : public Engine {
 public:
  OrcEngine(std::unique_ptr<orc::LLJIT> jit, std::unique_ptr<llvm::TargetMachine> machine)
      : jit_(std::move(jit)), machine_(std::move(machine)) {}

  Result<std::unique_ptr<Program>> compile(const ir::Backfill& backfill, const Options& options) override;

 private:
  struct Object {
    std::unique_ptr<llvm::MemoryBuffer> code;
    std::string ir;
    bool from_cache = false;
  };
  Result<Object> object(lower_llvm::Lowered& lowered, const Options& options);
  Result<std::unique_ptr<Compiled>> link(Object object, const std::vector<const stdlib::Function*>& natives);

  std::mutex mutex_;  // a TargetMachine serves one compilation at a time
  std::unique_ptr<orc::LLJIT> jit_;
  std::unique_ptr<llvm::TargetMachine> machine_;
  int programs_ = 0;
};

Result<OrcEngine::Object> OrcEngine::object(lower_llvm::Lowered& lowered, const Options& options) {
  llvm::Module& module = *lowered.module;
  BACKFILL_TRY(verify(module));
  const std::string key = options.cache_directory.empty() ? "" : cache_key(module, *machine_);
  Object result;
  result.code = load_object(options.cache_directory, key);
  result.from_cache = result.code != nullptr;
  if (!result.from_cache || options.dump_ir) optimise(module, *machine_);
  if (options.dump_ir) {
    llvm::raw_string_ostream out(result.ir);
    module.print(out, nullptr);
  }
  if (result.from_cache) return result;
  BACKFILL_ASSIGN(result.code, emit_object(module, *machine_));
  store_object(options.cache_directory, key, *result.code);
  return result;
}

// Natives are found by name, at link time: compiled code holds no address and can be kept on disk.
Result<std::unique_ptr<Compiled>> OrcEngine::link(Object object,
                                                  const std::vector<const stdlib::Function*>& natives) {
  orc::ExecutionSession& session = jit_->getExecutionSession();
  auto library = jit_->createJITDylib(fmt::format("program_{}", programs_++));
  if (!library) return failure_of(library.takeError(), "making room for a program");
  library->addToLinkOrder(jit_->getMainJITDylib());
  auto tracker = library->createResourceTracker();
  auto program = std::make_unique<Compiled>(session, *library, tracker);
  orc::SymbolMap symbols;
  for (const stdlib::Function* function : natives) {
    const auto name = jit_->mangleAndIntern(
        llvm::StringRef(function->native.symbol.data(), function->native.symbol.size()));
    symbols[name] = {orc::ExecutorAddr::fromPtr(function->native.address),
                     llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  }
  if (!symbols.empty()) {
    if (auto error = library->define(orc::absoluteSymbols(std::move(symbols)), tracker)) {
      return failure_of(std::move(error), "naming the functions of the standard library");
    }
  }
  if (auto error = jit_->addObjectFile(tracker, std::move(object.code))) {
    return failure_of(std::move(error), "linking");
  }
  auto address = jit_->lookup(
      *library, llvm::StringRef(lower_llvm::kKernelSymbol.data(), lower_llvm::kKernelSymbol.size()));
  if (!address) return failure_of(address.takeError(), "linking");
  program->kernel_ = address->toPtr<Program::Kernel>();
  program->ir_ = std::move(object.ir);
  program->from_cache_ = object.from_cache;
  return program;
}

Result<std::unique_ptr<Program>> OrcEngine::compile(const ir::Backfill& backfill, const Options& options) {
  const auto begin = std::chrono::steady_clock::now();
  const std::lock_guard lock(mutex_);
  llvm::LLVMContext context;
  BACKFILL_ASSIGN(lower_llvm::Lowered lowered,
                  lower_llvm::lower(backfill, context, jit_->getDataLayout(), jit_->getTargetTriple().str()));
  BACKFILL_ASSIGN(Object compiled, object(lowered, options));
  BACKFILL_ASSIGN(std::unique_ptr<Compiled> program, link(std::move(compiled), lowered.natives));
  program->compile_ms_ =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
  return std::unique_ptr<Program>(std::move(program));
}

// What the code generator may call by itself.
llvm::Error define_runtime(orc::LLJIT& jit) {
  orc::SymbolMap symbols;
  const auto add = [&](const char* name, auto* address) {
    symbols[jit.mangleAndIntern(name)] = {orc::ExecutorAddr::fromPtr(address),
                                          llvm::JITSymbolFlags::Exported | llvm::JITSymbolFlags::Callable};
  };
  add("memcmp", &::memcmp);
  add("bcmp", &::memcmp);
  add("memcpy", &::memcpy);
  add("memset", &::memset);
  add("memmove", &::memmove);
  add("rint", static_cast<double (*)(double)>(&::rint));
  add("__divti3", &__divti3);
  add("__modti3", &__modti3);
  add("__udivti3", &__udivti3);
  add("__umodti3", &__umodti3);
  return jit.getMainJITDylib().define(orc::absoluteSymbols(std::move(symbols)));
}

Result<Engine*> start() {
  llvm::InitializeNativeTarget();
  llvm::InitializeNativeTargetAsmPrinter();
  auto host = orc::JITTargetMachineBuilder::detectHost();
  if (!host) return failure_of(host.takeError(), "asking for the CPU");
  host->setCodeGenOptLevel(llvm::CodeGenOptLevel::Default);
  auto machine = host->createTargetMachine();
  if (!machine) return failure_of(machine.takeError(), "making a code generator for this CPU");
  orc::LLJITBuilder builder;
  builder.setJITTargetMachineBuilder(*host);
  // The default platform compiles a module of its own at start, for initialisers that we do not have.
  builder.setPlatformSetUp(orc::setUpInactivePlatform);
  builder.setLinkProcessSymbolsByDefault(false);
  auto jit = builder.create();
  if (!jit) return failure_of(jit.takeError(), "starting the linker");
  if (auto error = define_runtime(**jit)) return failure_of(std::move(error), "starting the linker");
  return new OrcEngine(std::move(*jit), std::move(*machine));  // as long as the process
}

}  // namespace

Result<Engine*> make_engine() {
  return start();
}

}  // namespace backfill::jit
