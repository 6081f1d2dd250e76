// The game's processes, held from before they
// are notified, so that the end of one is seen.
#pragma once

#include <chrono>
#include <stop_token>
#include <string>
#include <vector>

#include "base/error.hpp"
#include "base/warning.hpp"
#include "process/handle.hpp"
#include "process/rank.hpp"

namespace okg::hot_update {

struct WatchedProcess {
  process::Handle handle;
  process::Details details;  ///< from before it was notified
};

/// Errors: as process::Handle::open().
Result<std::vector<WatchedProcess>> hold(const std::vector<process::Candidate>& candidates);
/// Those that can be held. Of the others the end is not seen.
[[nodiscard]] std::vector<WatchedProcess> hold_what_can_be(
    const std::vector<process::Candidate>& candidates);

/// What came of notifying the game.
struct NotifyOutcome {
  std::string message;    ///< for the operator: "SIGHUP sent to process 7 (nginx: master …)"
  bool notified = false;  ///< false: nobody had to be
  std::string by{};       ///< how: "SIGHUP", "POST http://127.0.0.1:8080/reload"
  /// The game's processes that run on this content from
  /// now on, where signal.processName says which they are.
  std::vector<WatchedProcess> processes{};
  std::chrono::milliseconds settle{0};  ///< for how long they are watched at least
  /// What an operator should know of them; `message` says it too.
  Warnings warnings{};
  int signal = 0;  ///< that they were sent; 0: none

  /// To the message as well.
  void add(Warnings more);
};

/// Watches them for `duration`. Errors: kUpstream when one ends, with
/// what its runtime does with signals and what to do; kStopping.
Result<void> watch(const NotifyOutcome& outcome, std::chrono::milliseconds duration,
                   const std::stop_token& stop);

}  // namespace okg::hot_update
