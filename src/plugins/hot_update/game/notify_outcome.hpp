// The outcome of notifying the game.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "base/warning.hpp"
#include "process/handle.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

/// Held from before it was notified, so that its end is seen.
struct WatchedProcess {
  process::Handle handle;
  process::Details details;  ///< from before it was notified
};

struct NotifyOutcome {
  std::string message;    ///< for the operator: "SIGHUP sent to process 7 (nginx: master …)"
  bool notified = false;  ///< false: nobody had to be
  std::string by{};       ///< how: "SIGHUP", "POST http://127.0.0.1:8080/reload"
  /// The game's processes that run on this content from
  /// now on, where signal.processName says which they are.
  std::vector<WatchedProcess> processes{};
  std::chrono::milliseconds settle{0};  ///< for how long they are watched at least
  /// Warnings for the operator; `message` has them too.
  Warnings warnings{};
  int signal = 0;  ///< that they were sent; 0: none

  /// To the message as well.
  void add(Warnings more);
};

}  // namespace okg::hot_update
