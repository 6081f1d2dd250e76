// Events on the pod, for `kubectl describe pod`: best
// effort, and never in the way of an update.
#pragma once

#include <map>
#include <mutex>
#include <string>

#include "base/error.hpp"
#include "kube/api_figures.hpp"
#include "kube/client.hpp"
#include "plugins/hot_update/ledger/outcome.hpp"
#include "plugins/hot_update/on_demand_thread.hpp"
#include "plugins/hot_update/record/waiting_events.hpp"
#include "results/open.hpp"

namespace okg::hot_update {

/// Thread-safe. Has a thread while events wait to be written,
/// and nothing of it stays behind. What waits at its end is dropped.
class PodEvents {
 public:
  /// @source kubernetes pkg/apis/core/validation/events.go: NoteLengthLimit is 1024
  static constexpr std::size_t kMaxNoteBytes = 1'000;

  /// Without a service account nothing is written. `api` outlives it.
  PodEvents(results::PodIdentity pod, kube::ApiFigures& api);

  void note_ended(const Outcome& outcome);
  /// A file that a start could not restore yet. Tells each reason of a path once.
  void note_not_restored(const std::string& path, const Error& why);

 private:
  void post(PodEvent event);
  void run(std::unique_lock<std::mutex>& lock, const std::stop_token& stop);
  void tell(const PodEvent& event, const std::stop_token& stop);
  Result<void> write(const PodEvent& event, const std::stop_token& stop);
  Result<void> write(const PodEvent& event, kube::Client& client, const std::stop_token& stop);

  const results::PodIdentity pod_;
  kube::ApiFigures& api_;
  bool is_said_ = false;  ///< that events cannot be written; the thread's alone

  std::mutex mutex_;
  WaitingEvents waiting_;
  std::map<std::string, Reason> not_restored_;
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto& stop) { run(lock, stop); }};
};

}  // namespace okg::hot_update
