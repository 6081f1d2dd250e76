#include "metrics/page.hpp"

#include <prometheus/text_serializer.h>

namespace okg::metrics {
namespace {

template <class Builder>
auto& family(Builder builder, prometheus::Registry& registry, Metric metric) {
  const auto& entry = entry_of(metric);
  return builder.Name(std::string(entry.name)).Help(std::string(entry.help)).Register(registry);
}

}  // namespace

prometheus::Family<prometheus::Counter>& counters(prometheus::Registry& registry, Metric metric) {
  return family(prometheus::BuildCounter(), registry, metric);
}

prometheus::Family<prometheus::Gauge>& gauges(prometheus::Registry& registry, Metric metric) {
  return family(prometheus::BuildGauge(), registry, metric);
}

prometheus::Family<prometheus::Histogram>& histograms(prometheus::Registry& registry,
                                                      Metric metric) {
  return family(prometheus::BuildHistogram(), registry, metric);
}

prometheus::Counter& counter(prometheus::Registry& registry, Metric metric) {
  return counters(registry, metric).Add({});
}

prometheus::Gauge& gauge(prometheus::Registry& registry, Metric metric) {
  return gauges(registry, metric).Add({});
}

void advance(prometheus::Counter& counter, double to) {
  if (to > counter.Value()) counter.Increment(to - counter.Value());
}

std::string Page::text() {
  for (const auto& refresh : refresh_) refresh();
  return prometheus::TextSerializer().Serialize(registry_.Collect());
}

}  // namespace okg::metrics
