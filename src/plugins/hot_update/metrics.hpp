// The plugin's figures for /metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include "plugins/hot_update/ledger/ledger.hpp"

namespace okg::hot_update {

/// Thread-safe. The registry outlives it.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void count(const Outcome& outcome);
  void set_unrecorded(bool unrecorded) { unrecorded_.Set(unrecorded ? 1 : 0); }

 private:
  prometheus::Family<prometheus::Counter>& updates_;
  prometheus::Counter& bytes_;
  prometheus::Gauge& last_seconds_;
  prometheus::Gauge& last_success_;
  prometheus::Gauge& unrecorded_;
};

}  // namespace okg::hot_update
