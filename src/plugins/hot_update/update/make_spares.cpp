#include "plugins/hot_update/update/make_spares.hpp"

#include <set>
#include <string>

#include "base/log.hpp"

namespace okg::hot_update {
namespace {

/// An overlay is built on top of what is live, and has no use for them.
bool has_spare(const LiveContent& live) {
  const auto& tree = live.entry.tree;
  return tree && tree->options.format == results::TreeFormat::kManifest &&
         tree->options.mode == results::TreeMode::kMirror && !live.index.empty();
}

void note(const Result<void>& done) {
  if (!done)
    log::info("no links were made for the next update, which takes longer without them",
              {{"error", done.error().message}});
}

}  // namespace

void make_spares(const Parts& parts, const std::stop_token& stop) {
  const auto state = parts.ledger.state();
  const auto& staged = parts.publisher.trees().staged();
  std::set<std::string> indexes;
  for (const auto& [path, live] : state->live)
    if (has_spare(live)) indexes.insert(live.index);
  note(staged.spares().remove_all_but(indexes, stop));
  for (const auto& [path, live] : state->live)
    if (has_spare(live) && !stop.stop_requested()) note(staged.make_spare(path, live, stop));
}

}  // namespace okg::hot_update
