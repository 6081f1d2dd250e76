#include "plugins/hot_update/figures/gauges.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <set>
#include <string>

#include "plugins/hot_update/calls/status_view.hpp"

namespace okg::hot_update {
namespace {

using metrics::gauge;
using metrics::gauges;
using metrics::Metric;

/// Each is a series in Prometheus for every pod.
constexpr std::size_t kMaxLiveShown = 32;

}  // namespace

Gauges::Gauges(prometheus::Registry& registry, std::size_t max_queued)
    : in_progress_(gauge(registry, Metric::kInProgress)),
      queue_length_(gauge(registry, Metric::kQueueLength)),
      event_streams_(gauge(registry, Metric::kEventStreams)),
      missing_files_(gauge(registry, Metric::kMissingFiles)),
      files_to_revert_(gauge(registry, Metric::kFilesToRevert)),
      live_paths_(gauge(registry, Metric::kLivePaths)),
      records_pending_(gauge(registry, Metric::kRecordsPending)),
      progress_(gauges(registry, Metric::kProgress)),
      progress_bytes_(gauges(registry, Metric::kProgressBytes)),
      progress_files_(gauges(registry, Metric::kProgressFiles)),
      live_(gauges(registry, Metric::kLive)),
      config_map_bytes_(gauges(registry, Metric::kConfigMapBytes)) {
  gauge(registry, Metric::kQueueLimit).Set(static_cast<double>(max_queued));
}

void Gauges::show(const LedgerState& state) {
  const auto pending = std::ranges::count_if(
      state.history, [&](const Outcome& each) { return each.seq > state.recorded_seq; });
  records_pending_.Set(static_cast<double>(pending));
  files_to_revert_.Set(static_cast<double>(state.paths_to_revert().size()));
  live_paths_.Set(static_cast<double>(state.live.size()));
  show_live(state);
}

void Gauges::show_live(const LedgerState& state) {
  std::set<std::pair<std::string, std::string>> live;
  for (const auto& [path, file] : state.live)
    if (live.size() < kMaxLiveShown) live.emplace(path, file.entry.version);
  std::erase_if(shown_live_, [&](const auto& each) {
    if (live.contains(each.first)) return false;
    live_.Remove(each.second);
    return true;
  });
  for (const auto& each : live) {
    if (shown_live_.contains(each)) continue;
    auto& series = live_.Add({{"path", each.first}, {"version", each.second}});
    series.Set(1);
    shown_live_[each] = &series;
  }
}

void Gauges::show(const WorkStatus& work, const api::Progress& progress) {
  in_progress_.Set(work.in_progress ? 1 : 0);
  queue_length_.Set(static_cast<double>(work.queued.size()));
  missing_files_.Set(static_cast<double>(work.missing.size()));
  show_ratio(work, progress);
  show_counts(work, progress);
}

void Gauges::show_counts(const WorkStatus& work, const api::Progress& progress) {
  std::optional<api::Progress> shown;
  if (work.in_progress)
    shown = shown_progress(*work.in_progress, work.stage.value_or(Stage::kRequest), progress);
  const auto show = [](auto& family, const char* count, std::optional<std::uint64_t> value) {
    auto& series = family.Add({{"count", count}});
    if (!value) return family.Remove(&series);
    series.Set(static_cast<double>(*value));
  };
  show(progress_bytes_, "done", shown ? std::optional(shown->bytes_done) : std::nullopt);
  show(progress_bytes_, "total", shown ? shown->bytes_total : std::nullopt);
  show(progress_files_, "done", shown ? std::optional(shown->files_done) : std::nullopt);
  show(progress_files_, "total", shown ? shown->files_total : std::nullopt);
}

void Gauges::show_ratio(const WorkStatus& work, const api::Progress& progress) {
  auto& series = progress_.Add({});
  const auto total = static_cast<double>(progress.bytes_total.value_or(0));
  if (work.stage != Stage::kFetch || total <= 0) return progress_.Remove(&series);
  series.Set(std::min(1.0, static_cast<double>(progress.bytes_done) / total));
}

void Gauges::show(const kube::ApiFigures& api) {
  for (const auto& [name, bytes] : api.config_maps())
    config_map_bytes_.Add({{"config_map", name}}).Set(static_cast<double>(bytes));
}

void Gauges::show_streams(std::size_t count) { event_streams_.Set(static_cast<double>(count)); }

/// While the plugin does not run, nothing is in progress.
void Gauges::show_stopped() {
  show(WorkStatus{}, {});
  show_streams(0);
}

}  // namespace okg::hot_update
