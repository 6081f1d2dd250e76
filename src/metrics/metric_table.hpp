// Every metric of GET /metrics: name, type, help and
// labels. docs/metrics.md and its Chinese twin are written from it.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace okg::metrics {

/// A new one needs a row in metric_table.cpp; `./scripts/reference` then writes docs/metrics.md.
enum class Metric : std::uint8_t {
  kBuildInfo,
  kInfo,
  kReady,
  kAuth,
  kTlsReloadFailed,
  kPluginUp,
  kPluginRestarts,
  kApiRequests,
  kUpdates,
  kFailures,
  kUnauthenticated,
  kStageSeconds,
  kLastDuration,
  kLastSuccess,
  kInProgress,
  kProgress,
  kProgressBytes,
  kProgressFiles,
  kQueueLength,
  kQueueLimit,
  kEventStreams,
  kDownloadedBytes,
  kBytes,
  kMissingFiles,
  kFilesToRevert,
  kLive,
  kLivePaths,
  kSourceExpiry,
  kUnrecorded,
  kRecordsPending,
  kConfigMapBytes,
  kOrdersMalformed,
  kCpuSeconds,
  kResidentBytes,
  kVirtualBytes,
  kOpenFds,
  kMaxFds,
  kStartTime,
};

enum class MetricType : std::uint8_t {
  kCounter,
  kGauge,
  kHistogram,
};
/// "counter", "gauge", "histogram".
[[nodiscard]] std::string_view to_string(MetricType type);

struct MetricEntry {
  Metric metric;
  std::string_view name;
  MetricType type;
  std::string_view help;                   ///< one sentence
  std::string_view chinese;                ///< the same
  std::array<std::string_view, 2> labels;  ///< empty: no further one
};
/// In the order of the enum.
[[nodiscard]] std::span<const MetricEntry> metric_table();
[[nodiscard]] const MetricEntry& entry_of(Metric metric);

}  // namespace okg::metrics
