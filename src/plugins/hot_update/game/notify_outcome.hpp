// What came of notifying the game.
#pragma once

#include <string>
#include <vector>

#include "process/process_table.hpp"

namespace okg::hot_update {

struct NotifyOutcome {
  std::string message;  ///< what was done, for the operator: "SIGHUP sent to process 7 (nginx:
                        ///< master process nginx)"
  bool told = false;    ///< false: nobody had to be
  /// The game's processes that run on this content from now on, where signal.processName says which
  /// they are.
  std::vector<process::Process> processes{};
};

}  // namespace okg::hot_update
