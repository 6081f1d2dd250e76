#include "plugins/hot_update/record/result_writer.hpp"

#include <algorithm>
#include <string>

#include "plugins/hot_update/record/observed.hpp"

namespace okg::hot_update {
namespace {

results::Record record_of(const LedgerState& state, const Outcome& last) {
  results::Record record;
  record.last = {last.version,     std::string(to_string(last.kind)),
                 last.message,     last.url,
                 last.path,        last.sha256,
                 last.finished_at, std::string(to_string(last.reason)),
                 last.caller,      last.id};
  for (const auto& [path, file] : state.live) {
    record.files[path] = file.entry;
    // The store moves latest only forward in time, so that naming all of them
    // repairs one that got lost. What the original sidecar left, asked for at
    // the epoch, is one pod's alone: the others have entries of their own.
    const auto& entry = file.entry;
    if (entry.scope == results::Scope::kWorkload && entry.requested_at > Timestamp{})
      record.latest[path] = entry;
  }
  return record;
}

const Outcome* newest(const LedgerState& state, std::uint64_t told_seq) {
  const auto found = std::find_if(state.history.rbegin(), state.history.rend(),
                                  [&](const Outcome& each) { return each.seq <= told_seq; });
  return found == state.history.rend() ? nullptr : &*found;
}

bool has_untold(const LedgerState& state, std::uint64_t told_seq) {
  return !state.history.empty() && state.history.back().seq > told_seq;
}

bool is_ordered(const SeenOrders& orders, const Outcome& outcome) {
  const auto seen = orders.paths.find(outcome.path);
  return seen != orders.paths.end() && !seen->second.is_overtaken &&
         seen->second.at == outcome.finished_at;
}

/// Whether an order asked for all that is not recorded yet.
bool are_all_ordered(const LedgerState& state, std::uint64_t told_seq) {
  return std::ranges::all_of(state.history, [&](const Outcome& outcome) {
    return outcome.seq <= state.recorded_seq || outcome.seq > told_seq ||
           is_ordered(state.orders, outcome);
  });
}

/// A value that is too long by itself has that reason as well, and its own cure.
Error with_cure(const Error& error) {
  if (error.reason != Reason::kConfigMapFull || error.code != ErrorCode::kNoSpace) return error;
  return error.advise(
      "set storageConfig.inKube.shards to spread the pods over more of them, or delete the keys of "
      "pods that are gone");
}

}  // namespace

ResultWriter::ResultWriter(results::ResultStore& store, Ledger& ledger)
    : store_(store),
      ledger_(ledger),
      state_(store.is_durable() ? Store::kCurrent : Store::kPerhapsStale) {}

Result<void> ResultWriter::write(std::uint64_t told_seq, const std::stop_token& stop) {
  const auto state = ledger_.state();
  const auto* last = newest(*state, told_seq);
  if (last != nullptr && state_ == Store::kCurrent && last->seq <= state->recorded_seq)
    last = nullptr;
  const auto observed = observed_change(*state);
  if (last != nullptr) {
    auto record = record_of(*state, *last);
    record.is_ordered = are_all_ordered(*state, told_seq);
    if (observed) record.observed = observed->text;
    if (auto written = store_.write(record, stop); !written) return with_cure(written.error());
    state_ = Store::kCurrent;
    ledger_.mark_recorded(last->seq);
  } else if (is_observed_due(*state) && !has_untold(*state, told_seq)) {
    if (auto written = store_.observe(observed->text, stop); !written)
      return with_cure(written.error());
  } else {
    return {};
  }
  if (observed) ledger_.mark_observed(observed->digest);
  return {};
}

bool ResultWriter::has_work(std::uint64_t told_seq) const {
  const auto state = ledger_.state();
  const auto* last = newest(*state, told_seq);
  return (last != nullptr && last->seq > state->recorded_seq) ||
         (is_observed_due(*state) && !has_untold(*state, told_seq));
}

}  // namespace okg::hot_update
