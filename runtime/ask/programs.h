// SPDX-License-Identifier: Apache-2.0
// The programs that a job may ask, by the names of their functions.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "runtime/ask/program.h"

namespace backfill::ask {

class Programs {
 public:
  // A second one of that name replaces the first.
  void add(Settings settings, const std::atomic<bool>* interrupt) {
    const std::string name = settings.name;
    programs_[name] = std::make_unique<Program>(std::move(settings), interrupt);
  }
  // Null: there is none.
  [[nodiscard]] Program* find(const std::string& name) const {
    const auto found = programs_.find(name);
    return found == programs_.end() ? nullptr : found->second.get();
  }

 private:
  std::map<std::string, std::unique_ptr<Program>> programs_;
};

}  // namespace backfill::ask
