#include "plugins/hot_update/metrics.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>

#include "base/timestamp.hpp"
#include "content/url_expiry.hpp"

namespace okg::hot_update {

Metrics::Metrics(prometheus::Registry& registry)
    : updates_(prometheus::BuildCounter()
                   .Name("okg_hot_update_updates_total")
                   .Help("Updates that ended, by result.")
                   .Register(registry)),
      bytes_(prometheus::BuildCounter()
                 .Name("okg_hot_update_bytes_total")
                 .Help("Bytes of content fetched by updates that ended.")
                 .Register(registry)
                 .Add({})),
      last_seconds_(prometheus::BuildGauge()
                        .Name("okg_hot_update_last_duration_seconds")
                        .Help("How long the last update took.")
                        .Register(registry)
                        .Add({})),
      last_success_(prometheus::BuildGauge()
                        .Name("okg_hot_update_last_success_timestamp_seconds")
                        .Help("When the last update succeeded, in seconds since 1970.")
                        .Register(registry)
                        .Add({})),
      unrecorded_(prometheus::BuildGauge()
                      .Name("okg_hot_update_unrecorded")
                      .Help("1 while a result waits in the journal to be written to the store.")
                      .Register(registry)
                      .Add({})),
      source_expiry_(prometheus::BuildGauge()
                         .Name("okg_hot_update_source_expiry_timestamp_seconds")
                         .Help("When the first URL of live content expires, in seconds since 1970; "
                               "0: none does, as far as the URLs say.")
                         .Register(registry)
                         .Add({})),
      malformed_orders_(prometheus::BuildGauge()
                            .Name("okg_hot_update_orders_malformed")
                            .Help("Paths of the pod's order that cannot be read; 1 when the whole "
                                  "order cannot.")
                            .Register(registry)
                            .Add({})) {
  for (const auto kind : {OutcomeKind::kSucceeded, OutcomeKind::kUnchanged, OutcomeKind::kFailed,
                          OutcomeKind::kRolledBack})
    updates_.Add({{"result", std::string(to_string(kind))}});
}

void Metrics::count(const Outcome& outcome) {
  updates_.Add({{"result", std::string(to_string(outcome.kind))}}).Increment();
  bytes_.Increment(static_cast<double>(outcome.bytes));
  last_seconds_.Set(std::chrono::duration<double>(outcome.duration).count());
  if (outcome.kind == OutcomeKind::kSucceeded)
    last_success_.Set(
        std::chrono::duration<double>(outcome.finished_at.time_since_epoch()).count());
}

void Metrics::hear(const Event& event) {
  if (const auto* ended = std::get_if<UpdateEnded>(&event)) count(ended->outcome);
  if (const auto* tried = std::get_if<RecordTried>(&event))
    unrecorded_.Set(tried->is_unrecorded ? 1 : 0);
}

void Metrics::show_orders(const LedgerState& state) {
  malformed_orders_.Set(static_cast<double>(state.orders.malformed.size()));
}

void Metrics::show_source_expiry(const LedgerState& state) {
  std::optional<Timestamp> earliest;
  for (const auto& [path, file] : state.live)
    if (const auto expiry = content::url_expiry(file.entry.url))
      earliest = earliest ? std::min(*earliest, *expiry) : *expiry;
  const auto since_1970 = earliest ? earliest->time_since_epoch() : Timestamp::duration(0);
  source_expiry_.Set(std::chrono::duration<double>(since_1970).count());
}

}  // namespace okg::hot_update
