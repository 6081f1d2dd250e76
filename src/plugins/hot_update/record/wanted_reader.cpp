#include "plugins/hot_update/record/wanted_reader.hpp"

#include <utility>

namespace okg::hot_update {

WantedReader::WantedReader(results::ResultStore& store, const Ledger& ledger, OnWanted on_wanted)
    : store_(store), ledger_(ledger), on_wanted_(std::move(on_wanted)) {}

Result<void> WantedReader::read(const std::stop_token& stop) {
  if (is_done_) return {};
  auto wanted = store_.read(stop);
  if (!wanted) return wanted.error().in("reading what this pod should run");
  // The ledger knows what such a store has lost with the power.
  if (!store_.is_durable()) {
    const auto state = ledger_.state();
    for (const auto& [path, file] : state->live) wanted->own[path] = file.entry;
  }
  on_wanted_(*wanted);
  is_done_ = true;
  return {};
}

}  // namespace okg::hot_update
