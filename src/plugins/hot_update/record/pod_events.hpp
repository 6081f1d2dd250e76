// Events on the pod, for `kubectl describe pod`: best
// effort, and never in the way of an update.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "base/error.hpp"
#include "kube/api_figures.hpp"
#include "kube/client.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/record/waiting_events.hpp"
#include "results/open.hpp"

namespace okg::hot_update {

/// Thread-safe. Has a thread while events wait to
/// be written, and nothing of it stays behind.
class PodEvents {
 public:
  /// @source kubernetes pkg/apis/core/validation/events.go: NoteLengthLimit is 1024
  static constexpr std::size_t kMaxNoteBytes = 1'000;

  /// Without a service account nothing is written. `api` outlives it.
  PodEvents(results::PodIdentity pod, kube::ApiFigures& api);
  /// What is not written by now is dropped.
  ~PodEvents();
  PodEvents(const PodEvents&) = delete;
  PodEvents& operator=(const PodEvents&) = delete;

  void note_ended(const Outcome& outcome);
  /// A file that a start could not restore yet. The same reason of a path is told once.
  void note_not_restored(const std::string& path, const Error& why);

 private:
  void post(PodEvent event);
  void run(const std::stop_token& stop);
  /// Nothing: the thread has nothing left to do, and ends.
  std::optional<PodEvent> next();
  Result<void> write(const PodEvent& event, const std::stop_token& stop);
  Result<void> write(const PodEvent& event, kube::Client& client, const std::stop_token& stop);

  const results::PodIdentity pod_;
  kube::ApiFigures& api_;
  bool is_said_ = false;  ///< that events cannot be written; the thread's alone

  std::mutex mutex_;
  WaitingEvents waiting_;
  bool runs_ = false;  ///< the thread; it has given up `mutex_` for good when false
  std::map<std::string, Reason> not_restored_;
  std::jthread thread_;
};

}  // namespace okg::hot_update
