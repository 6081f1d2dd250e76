#include "plugins/hot_update/ledger/ledger_state.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace okg::hot_update {

std::optional<LiveContent> LedgerState::live_at(const std::string& path) const {
  const auto found = live.find(path);
  if (found == live.end()) return std::nullopt;
  return found->second;
}

std::set<std::string> LedgerState::paths_to_revert() const {
  std::set<std::string> paths;
  for (const auto& update : intents)
    if (update.needs_revert)
      for (const auto& target : update.targets) paths.insert(target.path);
  return paths;
}

std::optional<Outcome> LedgerState::last() const {
  if (history.empty()) return std::nullopt;
  return history.back();
}

std::optional<Outcome> LedgerState::unrecorded() const {
  if (history.empty() || history.back().seq <= recorded_seq) return std::nullopt;
  return history.back();
}

void LedgerState::note_started(const Outcome& in_progress) {
  last_seq = std::max(last_seq, in_progress.seq);
  started.push_back(in_progress);
}

void LedgerState::note_intent(const Intent& update) {
  last_seq = std::max(last_seq, update.seq);
  intents.push_back(update);
}

void LedgerState::drop_intent(std::uint64_t seq) {
  std::erase_if(intents, [&](const Intent& update) { return update.seq == seq; });
}

void LedgerState::note_ended(const UpdateEnd& end, std::size_t keep_versions) {
  const auto seq = end.outcome.seq;
  last_seq = std::max(last_seq, seq);
  std::erase_if(started, [&](const Outcome& each) { return each.seq == seq; });
  std::erase_if(intents, [&](Intent& update) {
    if (update.seq != seq) return false;
    update.needs_revert = end.needs_revert;
    return !end.needs_revert;
  });
  for (const auto& path : end.paths) note_path(path, keep_versions);
  const std::set<std::string> dropped(end.dropped_kept.begin(), end.dropped_kept.end());
  std::erase_if(kept, [&](const KeptContent& each) { return dropped.contains(each.name); });
  history.push_back(end.outcome);
  while (history.size() > kMaxHistory) history.pop_front();
}

void LedgerState::note_path(const PathEnd& end, std::size_t keep_versions) {
  const auto is_of_path = [&](const auto& each) { return each.path == end.path; };
  auto replaced = end.kept;
  if (end.live) {
    // The folder that came with the pod is no tree of ours, and replaces one.
    const auto before = live_at(end.path);
    live[end.path] = *end.live;
    if (end.live->entry.tree || (before && before->entry.tree)) note_tree(end, replaced);
    // The content that an earlier update left to revert is replaced now.
    for (auto& update : intents)
      if (update.needs_revert) std::erase_if(update.targets, is_of_path);
    std::erase_if(intents, [](const Intent& update) { return update.targets.empty(); });
  }
  // In this order: a tree that goes live leaves its
  // place in kept/ to the one that it replaces.
  std::erase_if(kept, [&](const KeptContent& each) { return each.name == end.used_kept; });
  if (replaced) kept.push_back(std::move(*replaced));
  auto count = static_cast<std::size_t>(std::ranges::count_if(kept, is_of_path));
  std::erase_if(kept, [&](const KeptContent& each) {
    if (!is_of_path(each) || count <= keep_versions) return false;
    --count;
    return true;
  });
}

void LedgerState::note_tree(const PathEnd& end, std::optional<KeptContent>& replaced) {
  const auto& tree = end.live->entry;
  std::erase_if(live, [&](const auto& each) {
    const auto& [path, file] = each;
    if (!results::is_in_tree(path, end.path) || file.entry.requested_at > tree.requested_at)
      return false;
    if (replaced) replaced->below.insert(each);
    return true;
  });
  for (const auto& each : kept)
    if (each.name == end.used_kept)
      for (auto [path, file] : each.below) {
        file.entry.requested_at = std::max(file.entry.requested_at, just_after(tree.requested_at));
        live[path] = std::move(file);
      }
  // An overlay leaves files where they are. Otherwise what is kept of
  // a path in the folder was a part of a folder that is live no more.
  const bool is_all_new =
      end.used_kept || !tree.tree || tree.tree->options.mode == results::TreeMode::kMirror;
  if (is_all_new && replaced)
    std::erase_if(kept, [&](const auto& each) { return results::is_in_tree(each.path, end.path); });
}

}  // namespace okg::hot_update
