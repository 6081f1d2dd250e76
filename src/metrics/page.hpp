// GET /metrics: the registry, and who brings it up to date before it is read.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>

#include <functional>
#include <string>
#include <vector>

#include "metrics/metric_table.hpp"

namespace okg::metrics {

/// The family that the table says; the registry owns it.
[[nodiscard]] prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry,
                                                                Metric metric);
[[nodiscard]] prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry,
                                                            Metric metric);
[[nodiscard]] prometheus::Family<prometheus::Histogram>& histograms(prometheus::Registry& registry,
                                                                    Metric metric);
/// Metrics without labels.
[[nodiscard]] prometheus::Counter& counter(prometheus::Registry& registry, Metric metric);
[[nodiscard]] prometheus::Gauge& gauge(prometheus::Registry& registry, Metric metric);

/// A counter whose figure somebody else keeps; it never goes back.
void advance(prometheus::Counter& counter, double to);

class Page {
 public:
  [[nodiscard]] prometheus::Registry& registry() { return registry_; }
  /// Adds a refresh of figures that are costly to read.
  /// To be called before the first text().
  void before_each(std::function<void()> refresh) { refresh_.push_back(std::move(refresh)); }
  /// Prometheus text. One thread at a time.
  [[nodiscard]] std::string text();

 private:
  prometheus::Registry registry_;
  std::vector<std::function<void()>> refresh_;
};

}  // namespace okg::metrics
