#include "plugins/hot_update/figures/event_metrics.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "base/time/timestamp.hpp"
#include "content/url_expiry.hpp"

namespace okg::hot_update {
namespace {

using metrics::counter;
using metrics::counters;
using metrics::gauge;
using metrics::gauges;
using metrics::histograms;
using metrics::Metric;

/// From a rename to a download that takes its half an hour.
const prometheus::Histogram::BucketBoundaries kBuckets{0.005, 0.025, 0.1, 0.5, 1,   2.5,
                                                       5,     10,    30,  120, 600, 1800};

/// A journal of an older release has none.
Reason reason_of(const Outcome& outcome) {
  return outcome.reason == Reason::kNone ? Reason::kInternalError : outcome.reason;
}

double seconds(auto duration) { return std::chrono::duration<double>(duration).count(); }

}  // namespace

EventMetrics::EventMetrics(prometheus::Registry& registry)
    : updates_(counters(registry, Metric::kUpdates)),
      failures_(counters(registry, Metric::kFailures)),
      stage_seconds_(histograms(registry, Metric::kStageSeconds)),
      last_success_(gauges(registry, Metric::kLastSuccess)),
      unauthenticated_(counter(registry, Metric::kUnauthenticated)),
      downloaded_bytes_(counter(registry, Metric::kDownloadedBytes)),
      bytes_(counter(registry, Metric::kBytes)),
      last_seconds_(gauge(registry, Metric::kLastDuration)),
      unrecorded_(gauge(registry, Metric::kUnrecorded)),
      source_expiry_(gauge(registry, Metric::kSourceExpiry)),
      malformed_orders_(gauge(registry, Metric::kOrdersMalformed)) {
  for (const auto kind : {OutcomeKind::kSucceeded, OutcomeKind::kUnchanged, OutcomeKind::kFailed,
                          OutcomeKind::kRolledBack, OutcomeKind::kCancelled})
    updates_.Add({{"result", std::string(to_string(kind))}});
}

void EventMetrics::count(const Outcome& outcome) {
  updates_.Add({{"result", std::string(to_string(outcome.kind))}}).Increment();
  bytes_.Increment(static_cast<double>(outcome.bytes));
  last_seconds_.Set(seconds(outcome.duration));
  for (const auto& [stage, duration] : outcome.stages)
    stage_seconds_.Add({{"stage", std::string(to_string(stage))}}, kBuckets)
        .Observe(seconds(duration));
  if (outcome.kind == OutcomeKind::kFailed || outcome.kind == OutcomeKind::kRolledBack)
    failures_
        .Add({{"stage", std::string(to_string(outcome.stage))},
              {"reason", std::string(to_string(reason_of(outcome)))}})
        .Increment();
  if (outcome.kind == OutcomeKind::kSucceeded) show_success(outcome.finished_at);
}

/// Each download begins with 0; an attempt may start over.
void EventMetrics::note(const content::DownloadProgress& progress) {
  const auto bytes = progress.bytes_done;
  const auto new_bytes = bytes < seen_bytes_ ? bytes : bytes - seen_bytes_;
  if (new_bytes > 0) downloaded_bytes_.Increment(static_cast<double>(new_bytes));
  seen_bytes_ = bytes;
}

void EventMetrics::show_success(Timestamp at) {
  last_success_.Add({}).Set(seconds(at.time_since_epoch()));
}

void EventMetrics::hear(const Event& event) {
  if (const auto* ended = std::get_if<UpdateEnded>(&event)) count(ended->outcome);
  if (const auto* tried = std::get_if<RecordTried>(&event))
    unrecorded_.Set(tried->is_unrecorded ? 1 : 0);
}

void EventMetrics::show_state(const LedgerState& state) {
  for (const auto& outcome : state.history)
    if (outcome.kind == OutcomeKind::kSucceeded) show_success(outcome.finished_at);
  show_source_expiry(state);
}

void EventMetrics::show_orders(const LedgerState& state) {
  malformed_orders_.Set(static_cast<double>(state.orders.malformed.size()));
}

void EventMetrics::show_source_expiry(const LedgerState& state) {
  std::optional<Timestamp> earliest;
  for (const auto& [path, file] : state.live)
    if (const auto expiry = content::url_expiry(file.entry.url))
      earliest = earliest ? std::min(*earliest, *expiry) : *expiry;
  source_expiry_.Set(seconds(earliest ? earliest->time_since_epoch() : Timestamp::duration(0)));
}

}  // namespace okg::hot_update
