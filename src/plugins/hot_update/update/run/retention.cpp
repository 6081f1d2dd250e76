#include "plugins/hot_update/update/run/retention.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <set>
#include <string>

namespace okg::hot_update {

namespace {

bool is_bounded(const Settings& settings) {
  return settings.keep_bytes != std::numeric_limits<std::uint64_t>::max();
}

/// Of a tree that was never counted: what the sidecar put into it.
std::optional<std::uint64_t> bytes_put_into(const KeptContent& kept) {
  if (!kept.was || kept.was->bytes == 0) return std::nullopt;
  auto bytes = kept.was->bytes;
  for (const auto& [path, file] : kept.below)
    bytes = std::min<std::uint64_t>(bytes + file.bytes, INT64_MAX);
  return bytes;
}

bool is_rollback(const UpdateEnd& end) {
  return std::ranges::any_of(end.paths,
                             [](const PathEnd& path) { return path.used_kept.has_value(); });
}

}  // namespace

void count_kept(const Parts& parts, UpdateEnd& end) {
  // A rollback takes as long for many files as for few.
  if (!is_bounded(parts.settings) || is_rollback(end)) return;
  for (auto& path : end.paths)
    if (path.kept) path.kept->bytes = parts.publisher.kept_bytes(path.kept->name);
}

std::vector<std::string> beyond_keep_bytes(const Parts& parts, const UpdateEnd& end) {
  const auto& settings = parts.settings;
  if (!is_bounded(settings)) return {};
  auto ended = *parts.ledger.state();
  ended.note_ended(end, settings.keep_versions);
  std::vector<std::string> names;
  std::uint64_t bytes = 0;
  for (auto kept = ended.kept.rbegin(); kept != ended.kept.rend(); ++kept) {
    auto counted = kept->bytes;
    if (!counted && is_rollback(end)) counted = bytes_put_into(*kept);
    if (bytes <= settings.keep_bytes)
      bytes += counted ? *counted : parts.publisher.kept_bytes(kept->name);
    if (bytes > settings.keep_bytes) names.push_back(kept->name);
  }
  return names;
}

void tidy(const Parts& parts) {
  // A start would still look for what the journal names.
  if (parts.ledger.is_behind()) return;
  Needed needed;
  const auto need = [&](const KeptContent& kept) {
    needed.kept.insert(kept.name);
    if (kept.was) needed.trees.insert(kept.was->index);
    for (const auto& [path, file] : kept.below) needed.trees.insert(file.index);
  };
  const auto state = parts.ledger.state();
  for (const auto& [path, file] : state->live) needed.trees.insert(file.index);
  for (const auto& kept : state->kept) need(kept);
  for (const auto& intent : state->intents)
    for (const auto& target : intent.targets) {
      if (target.old.kind == OldContent::Kind::kKept) need(target.old.kept);
      if (target.swap) needed.kept.insert(target.swap->container);
      needed.trees.insert(target.next.index);
    }
  parts.publisher.tidy(needed);
}

}  // namespace okg::hot_update
