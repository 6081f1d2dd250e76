// The plugin's figures for /metrics.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <optional>

#include "base/timestamp.hpp"
#include "plugins/hot_update/ledger/ledger.hpp"

namespace okg::hot_update {

/// Thread-safe. The registry outlives it.
class Metrics {
 public:
  explicit Metrics(prometheus::Registry& registry);
  void count(const Outcome& outcome);
  /// When the first of the URLs that live content came from expires; nothing: none does.
  void set_source_expiry(std::optional<Timestamp> expiry);
  void set_unrecorded(bool unrecorded) { unrecorded_.Set(unrecorded ? 1 : 0); }

 private:
  prometheus::Family<prometheus::Counter>& updates_;
  prometheus::Counter& bytes_;
  prometheus::Gauge& last_seconds_;
  prometheus::Gauge& last_success_;
  prometheus::Gauge& unrecorded_;
  prometheus::Gauge& source_expiry_;
};

}  // namespace okg::hot_update
