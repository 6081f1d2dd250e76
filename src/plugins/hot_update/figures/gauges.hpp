// The plugin's figures for /metrics that are looked at when somebody
// asks: nothing is counted, and nothing wakes up, for those.
#pragma once

#include <cstddef>
#include <map>
#include <utility>

#include "api/update_view.hpp"
#include "kube/api_figures.hpp"
#include "metrics/page.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"
#include "plugins/hot_update/work/work_status.hpp"

namespace okg::hot_update {

/// Thread-compatible: for the thread of the page. The registry outlives it.
class Gauges {
 public:
  Gauges(prometheus::Registry& registry, std::size_t max_queued);
  void show(const LedgerState& state);
  /// `progress` is that of the download in progress.
  void show(const WorkStatus& work, const api::Progress& progress);
  void show(const kube::ApiFigures& api);
  /// `count` clients listen to events.
  void show_streams(std::size_t count);
  /// While the plugin does not run, nothing is in progress.
  void show_stopped();

 private:
  void show_live(const LedgerState& state);
  void show_counts(const WorkStatus& work, const api::Progress& progress);
  void show_ratio(const WorkStatus& work, const api::Progress& progress);

  prometheus::Gauge& in_progress_;
  prometheus::Gauge& queue_length_;
  prometheus::Gauge& event_streams_;
  prometheus::Gauge& missing_files_;
  prometheus::Gauge& files_to_revert_;
  prometheus::Gauge& live_paths_;
  prometheus::Gauge& records_pending_;
  prometheus::Family<prometheus::Gauge>& progress_;  ///< empty while it is not known
  prometheus::Family<prometheus::Gauge>& progress_bytes_;
  prometheus::Family<prometheus::Gauge>& progress_files_;
  prometheus::Family<prometheus::Gauge>& live_;
  prometheus::Family<prometheus::Gauge>& config_map_bytes_;
  /// Path and version -> their series.
  std::map<std::pair<std::string, std::string>, prometheus::Gauge*> shown_live_;
};

}  // namespace okg::hot_update
