// GET /hot-update/processes. Reading /proc may block (a process
// that hangs in its page faults holds up whoever reads its command
// line), so it has a thread of its own while somebody asks.
#pragma once

#include <mutex>
#include <thread>
#include <vector>

#include "http/server/router.hpp"
#include "plugins/hot_update/settings/settings.hpp"

namespace okg::hot_update {

/// Thread-safe. All who ask while one list is made get that list.
class ProcessLister {
 public:
  /// The settings outlive the lister.
  explicit ProcessLister(const SignalSettings& settings) : settings_(settings) {}

  void list(const http::Respond& respond);

 private:
  void run();

  const SignalSettings& settings_;
  std::mutex mutex_;
  std::vector<http::Respond> waiting_;
  bool runs_ = false;
  std::jthread thread_;  ///< last: it ends before what it uses
};

}  // namespace okg::hot_update
