#include "plugins/hot_update/game/watch.hpp"

#include <utility>

#include "plugins/hot_update/game/find.hpp"
#include "process/runtime.hpp"

namespace okg::hot_update {
namespace {

Error ended(const NotifyOutcome& outcome, const WatchedProcess& watched) {
  const auto& process = watched.handle.process();
  const auto runtime = process::runtime_of(process, watched.details);
  auto message = describe(process) + " ended after " +
                 (outcome.by.empty() ? "the content changed" : outcome.by);
  if (!runtime.name.empty())
    message += "; it looks like " + std::string(runtime.name) + ": " + std::string(runtime.hint);
  return fail(
      ErrorCode::kUpstream, Reason::kGameEnded, message,
      "; see the game's log. Make the game handle the signal, choose another "
      "signal.signalName, or use loadPatchType: request; for a game that restarts to reload, "
      "set signal.settleMilliseconds: 0");
}

Error hold_error(const Error& error) {
  if (error.code != ErrorCode::kForbidden || error.reason != Reason::kSignalNotPermitted)
    return error;
  return error.advise("allow pidfd_open and pidfd_send_signal (securityContext.seccompProfile)");
}

}  // namespace

Result<std::vector<WatchedProcess>> hold(const std::vector<process::Candidate>& candidates) {
  std::vector<WatchedProcess> held;
  for (const auto& each : candidates) {
    auto handle = process::Handle::open(each.process);
    if (!handle) return hold_error(handle.error());
    held.push_back({std::move(*handle), each.details});
  }
  return held;
}

std::vector<WatchedProcess> hold_what_can_be(const std::vector<process::Candidate>& candidates) {
  std::vector<WatchedProcess> held;
  for (const auto& each : candidates)
    if (auto handle = process::Handle::open(each.process))
      held.push_back({std::move(*handle), each.details});
  return held;
}

Result<void> watch(const NotifyOutcome& outcome, std::chrono::milliseconds duration,
                   const std::stop_token& stop) {
  std::vector<const process::Handle*> handles;
  for (const auto& each : outcome.processes) handles.push_back(&each.handle);
  if (const auto which = process::wait_for_end(handles, duration, stop))
    return ended(outcome, outcome.processes[*which]);
  if (stop.stop_requested())
    return fail(ErrorCode::kStopping, "stopped before the game was seen to be healthy");
  return {};
}

}  // namespace okg::hot_update
