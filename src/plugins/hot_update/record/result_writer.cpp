#include "plugins/hot_update/record/result_writer.hpp"

#include <string>

namespace okg::hot_update {
namespace {

results::Record record_of(const LedgerState& state, const Outcome& last) {
  results::Record record;
  record.last = {last.version,     std::string(to_string(last.kind)),
                 last.message,     last.url,
                 last.path,        last.sha256,
                 last.finished_at, std::string(to_string(last.reason))};
  for (const auto& [path, file] : state.live) {
    record.files[path] = file.entry;
    // The store moves latest only forward in time, so that naming all of them repairs one that got
    // lost. What the original sidecar left, asked for at the epoch, is one pod's alone: the others
    // have entries of their own.
    const auto& entry = file.entry;
    if (entry.scope == results::Scope::kWorkload && entry.requested_at > Timestamp{})
      record.latest[path] = entry;
  }
  return record;
}

}  // namespace

ResultWriter::ResultWriter(results::ResultStore& store, Ledger& ledger)
    : store_(store),
      ledger_(ledger),
      state_(store.is_durable() ? Store::kCurrent : Store::kPerhapsStale) {}

Result<void> ResultWriter::write(const std::stop_token& stop) {
  const auto state = ledger_.state();
  const auto last = state_ == Store::kCurrent ? state->unrecorded() : state->last();
  if (!last) return {};
  if (auto written = store_.write(record_of(*state, *last), stop); !written) return written;
  state_ = Store::kCurrent;
  ledger_.mark_recorded(last->seq);
  return {};
}

}  // namespace okg::hot_update
