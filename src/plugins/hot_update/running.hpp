// Wires the parts of one start, and who hears of what.
#pragma once

#include <chrono>
#include <memory>
#include <utility>

#include "base/error.hpp"
#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/figures/event_metrics.hpp"
#include "plugins/hot_update/follow/follow.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"
#include "plugins/hot_update/ledger/state_dir.hpp"
#include "plugins/hot_update/orders/order_file.hpp"
#include "plugins/hot_update/record/pod_events.hpp"
#include "plugins/hot_update/record/recorder.hpp"
#include "plugins/hot_update/settings/settings.hpp"
#include "plugins/hot_update/update/engine.hpp"
#include "plugins/hot_update/work/worker.hpp"
#include "results/open.hpp"
#include "sidecar/plugin.hpp"
#include "source/policy.hpp"

namespace okg::hot_update {

/// All that lives between start and stop. Members end in reverse order. Its parts are
/// thread-safe, each as its own file says.
struct Running {
  explicit Running(StateDir opened) : state(std::move(opened)) {}
  /// Begins the work.
  void start();
  /// Ends the work within about `grace`; everything started is joined when it returns.
  void stop(std::chrono::milliseconds grace);

  StateDir state;
  Feed feed;
  std::unique_ptr<Ledger> ledger;
  std::unique_ptr<Engine> engine;
  std::unique_ptr<Worker> worker;
  std::unique_ptr<Recorder> recorder;
  std::unique_ptr<OrderFile> orders;  ///< absent: this pod takes none
  std::unique_ptr<Follow> follow;
  std::unique_ptr<PodEvents> events;  ///< absent: results go nowhere near an API server
};

/// Parts of the plugin that outlive each of its starts.
struct Surroundings {
  const Settings& settings;
  const source::Policy& policy;
  sidecar::Host& host;
  EventMetrics& metrics;
};

/// Opens the state directory and the store, and connects the parts; nothing runs yet.
[[nodiscard]] Result<std::shared_ptr<Running>> make_running(const Surroundings& surroundings);

/// Which pod this is, for its results.
[[nodiscard]] results::PodIdentity pod_of(const sidecar::Host& host);

}  // namespace okg::hot_update
