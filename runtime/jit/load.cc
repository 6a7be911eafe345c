// SPDX-License-Identifier: Apache-2.0
// In the executable: finds and opens the module that holds LLVM.
#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <filesystem>
#include <mutex>
#include <optional>
#include <vector>

#include "runtime/jit/engine.h"
#include "runtime/jit/module.h"

namespace backfill::jit {
namespace {

constexpr std::string_view kModuleName = "backfill_jit.so";

std::vector<std::string> places() {
  std::vector<std::string> result;
  std::error_code error;
  const auto executable = std::filesystem::read_symlink("/proc/self/exe", error);
  if (!error) {
    const auto directory = executable.parent_path();
    result.push_back(directory / kModuleName);
    result.push_back(directory.parent_path() / kModuleName);  // programs in a folder of the build directory
  }
  if (const char* named = std::getenv("BACKFILL_JIT_MODULE"); named != nullptr) result.emplace_back(named);
  return result;
}

Result<Engine*> open_module() {
  std::string tried;
  for (const std::string& place : places()) {
    std::error_code error;
    if (!std::filesystem::exists(place, error)) {
      tried += fmt::format("{}no file {}", tried.empty() ? "" : "; ", place);
      continue;
    }
    // Never closed: programs live in it.
    void* module = dlopen(place.c_str(), RTLD_NOW | RTLD_LOCAL);
    if (module == nullptr) {
      tried += fmt::format("{}{}", tried.empty() ? "" : "; ", dlerror());
      continue;
    }
    auto make = reinterpret_cast<MakeEngine>(dlsym(module, kMakeEngineSymbol));
    if (make == nullptr) return fatal(fmt::format("{} is not a native code module of this program", place));
    return make();
  }
  return fatal(fmt::format("cannot load native code: {}", tried),
               "put backfill_jit.so beside the executable, or name it in BACKFILL_JIT_MODULE, or use "
               "--engine evaluator");
}

}  // namespace

Result<Engine*> engine() {
  static std::mutex mutex;
  static std::optional<Result<Engine*>> opened;
  const std::lock_guard lock(mutex);
  if (!opened) opened.emplace(open_module());
  return *opened;
}

}  // namespace backfill::jit
