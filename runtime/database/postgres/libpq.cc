// SPDX-License-Identifier: Apache-2.0
#include "runtime/database/postgres/libpq.h"

#include <dlfcn.h>
#include <fmt/format.h>

namespace backfill::database::postgres {

#define BACKFILL_DEFINE(name) decltype(&::name) name = nullptr;
BACKFILL_LIBPQ(BACKFILL_DEFINE)
#undef BACKFILL_DEFINE

namespace {

Result<void> load() {
  void* const library = dlopen("libpq.so.5", RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr)
    return fatal(fmt::format("cannot load PostgreSQL's client library: {}", dlerror()),
                 "install it: apt-get install libpq5");
  const char* missing = nullptr;
  const auto find = [&](auto& function, const char* name) {
    function = reinterpret_cast<std::remove_reference_t<decltype(function)>>(dlsym(library, name));
    if (function == nullptr) missing = name;
  };
#define BACKFILL_FIND(name) find(name, #name);
  BACKFILL_LIBPQ(BACKFILL_FIND)
#undef BACKFILL_FIND
  if (missing != nullptr) return fatal(fmt::format("PostgreSQL's client library has no {}", missing));
  return {};
}

}  // namespace

Result<void> load_libpq() {
  static const Result<void> loaded = load();
  return loaded;
}

}  // namespace backfill::database::postgres
