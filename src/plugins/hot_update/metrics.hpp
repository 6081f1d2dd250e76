// The plugin's figures for /metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"

namespace okg::hot_update {

/// Thread-safe. The registry outlives it.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  /// Counts updates that end, and shows whether a result waits for the store.
  void hear(const Event& event);
  /// Shows when the first of the URLs that live content came from expires.
  void show_source_expiry(const LedgerState& state);
  /// Shows how many paths of the pod's order are malformed.
  void show_orders(const LedgerState& state);

 private:
  void count(const Outcome& outcome);

  prometheus::Family<prometheus::Counter>& updates_;
  prometheus::Counter& bytes_;
  prometheus::Gauge& last_seconds_;
  prometheus::Gauge& last_success_;
  prometheus::Gauge& unrecorded_;
  prometheus::Gauge& source_expiry_;
  prometheus::Gauge& malformed_orders_;
};

}  // namespace okg::hot_update
