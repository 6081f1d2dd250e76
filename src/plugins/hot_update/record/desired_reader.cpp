#include "plugins/hot_update/record/desired_reader.hpp"

#include <utility>

namespace okg::hot_update {

DesiredReader::DesiredReader(results::ResultStore& store, const Ledger& ledger,
                             OnDesired on_desired)
    : store_(store), ledger_(ledger), on_desired_(std::move(on_desired)) {}

Result<void> DesiredReader::read(const std::stop_token& stop) {
  if (is_done_) return {};
  auto desired = store_.read(stop);
  if (!desired) return desired.error().in("reading what this pod should run");
  // The ledger knows what such a store has lost with the power.
  if (!store_.is_durable()) {
    const auto state = ledger_.state();
    for (const auto& [path, file] : state->live) desired->own[path] = file.entry;
  }
  on_desired_(*desired);
  is_done_ = true;
  return {};
}

}  // namespace okg::hot_update
