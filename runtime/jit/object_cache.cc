// SPDX-License-Identifier: Apache-2.0
#include "runtime/jit/object_cache.h"

#include <fmt/format.h>
#include <llvm/Bitcode/BitcodeWriter.h>
#include <llvm/Config/llvm-config.h>
#include <llvm/Support/BLAKE3.h>
#include <llvm/Support/raw_ostream.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <fstream>

#include "compiler/lower/llvm/lower.h"
#include "runtime/jit/compiler.h"

namespace backfill::jit {
namespace {

constexpr std::string_view kMagic = "backfill object 1\n";
constexpr std::size_t kHash = 32;

std::string hash(std::string_view bytes) {
  llvm::BLAKE3 hasher;
  hasher.update(llvm::StringRef(bytes.data(), bytes.size()));
  const auto digest = hasher.final<kHash>();
  return {reinterpret_cast<const char*>(digest.data()), digest.size()};
}

std::string path_of(const std::string& directory, const std::string& key) {
  return directory + "/" + key + ".o";
}

}  // namespace

std::string cache_key(const llvm::Module& module, const llvm::TargetMachine& machine) {
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream out(bytes);
  llvm::WriteBitcodeToFile(module, out);
  out << '\n'
      << LLVM_VERSION_STRING << '\n'
      << machine.getTargetTriple().str() << '\n'
      << machine.getTargetCPU();
  out << '\n'
      << machine.getTargetFeatureString() << '\n'
      << kPipelineVersion << ' ' << lower_llvm::kAbiVersion;
  std::string key;
  for (const char byte : hash({bytes.data(), bytes.size()}))
    key += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return key;
}

std::unique_ptr<llvm::MemoryBuffer> load_object(const std::string& directory, const std::string& key) {
  if (directory.empty()) return nullptr;
  std::ifstream file(path_of(directory, key), std::ios::binary);
  if (!file) return nullptr;
  const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::string_view view = bytes;
  if (view.size() < kMagic.size() + kHash || !view.starts_with(kMagic)) return nullptr;
  const std::string_view object = view.substr(kMagic.size() + kHash);
  if (hash(object) != view.substr(kMagic.size(), kHash)) return nullptr;
  return llvm::MemoryBuffer::getMemBufferCopy(llvm::StringRef(object.data(), object.size()), key);
}

void store_object(const std::string& directory, const std::string& key, const llvm::MemoryBuffer& object) {
  if (directory.empty()) return;
  static std::atomic<unsigned> count = 0;
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  const std::string temporary = fmt::format("{}.{}.{}", path_of(directory, key), ::getpid(), count++);
  {
    const llvm::StringRef bytes = object.getBuffer();
    std::ofstream file(temporary, std::ios::binary);
    file << kMagic << hash({bytes.data(), bytes.size()});
    file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!file.flush()) {
      std::filesystem::remove(temporary, error);
      return;
    }
  }
  std::filesystem::rename(temporary, path_of(directory, key), error);
  if (error) std::filesystem::remove(temporary, error);
}

}  // namespace backfill::jit
