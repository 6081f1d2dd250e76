// The plugin's figures for /metrics that
// change with what happens: counted as it does.
#pragma once

#include <cstdint>

#include "content/download.hpp"
#include "metrics/page.hpp"
#include "plugins/hot_update/feed.hpp"
#include "plugins/hot_update/ledger/ledger_state.hpp"

namespace okg::hot_update {

/// Thread-safe. The registry outlives it.
class EventMetrics {
 public:
  explicit EventMetrics(prometheus::Registry& registry);
  /// Counts updates that end, and shows whether a result waits for the store.
  void hear(const Event& event);
  /// Counts what has come. One thread: the one that downloads.
  void note(const content::DownloadProgress& progress);
  /// An update was taken from somebody who did not have to say who it is.
  void note_unauthenticated() { unauthenticated_.Increment(); }
  /// Shows what a start finds in the journal: the
  /// last success, and when the first URL expires.
  void show_state(const LedgerState& state);
  /// Shows when the first of the URLs that live content came from expires.
  void show_source_expiry(const LedgerState& state);
  /// Shows how many paths of the pod's order are malformed.
  void show_orders(const LedgerState& state);

 private:
  void count(const Outcome& outcome);
  void show_success(Timestamp at);

  prometheus::Family<prometheus::Counter>& updates_;
  prometheus::Family<prometheus::Counter>& failures_;
  prometheus::Family<prometheus::Histogram>& stage_seconds_;
  prometheus::Family<prometheus::Gauge>& last_success_;  ///< empty before the first
  prometheus::Counter& unauthenticated_;
  prometheus::Counter& downloaded_bytes_;
  prometheus::Counter& bytes_;
  prometheus::Gauge& last_seconds_;
  prometheus::Gauge& unrecorded_;
  prometheus::Gauge& source_expiry_;
  prometheus::Gauge& malformed_orders_;
  std::uint64_t seen_bytes_ = 0;  ///< the current download's
};

}  // namespace okg::hot_update
