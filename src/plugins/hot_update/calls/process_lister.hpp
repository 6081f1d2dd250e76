// GET /hot-update/processes. Reading /proc may block (a process
// that hangs in its page faults holds up whoever reads its command
// line), so it has a thread of its own while somebody asks.
#pragma once

#include <mutex>
#include <vector>

#include "http/server/router.hpp"
#include "plugins/hot_update/on_demand_thread.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Thread-safe. All who ask while one list is made get that list.
class ProcessLister {
 public:
  /// The settings outlive the lister.
  explicit ProcessLister(const SignalSettings& settings) : settings_(settings) {}

  void list(const http::Respond& respond);

 private:
  void run(std::unique_lock<std::mutex>& lock);

  const SignalSettings& settings_;
  std::mutex mutex_;
  std::vector<http::Respond> waiting_;
  OnDemandThread thread_{mutex_, [this](auto& lock, const auto&) { run(lock); }};
};

}  // namespace okg::hot_update
