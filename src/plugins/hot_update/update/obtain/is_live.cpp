#include "plugins/hot_update/update/obtain/is_live.hpp"

#include <algorithm>

namespace okg::hot_update {
namespace {

/// A tree is compared with its index, but for what updates
/// that are later than it put into it: older ones are to go.
bool is_live_tree(const Parts& parts, const std::string& path, const results::Entry& wanted) {
  const auto state = parts.ledger.state();
  const auto live = state->live_at(path);
  if (!live || !live->entry.tree || live->entry.tree->options != wanted.tree->options ||
      live->entry.sha256 != wanted.sha256)
    return false;
  const auto prefix = path == results::kWholeDirectory ? "" : path + "/";
  const auto is_excused = [&](const std::string& below) {
    return std::ranges::any_of(state->live, [&](const auto& each) {
      const auto whole = prefix + below;
      return each.first != path && each.second.entry.requested_at > wanted.requested_at &&
             (each.first == whole || results::is_in_tree(whole, each.first)) &&
             results::is_in_tree(each.first, path);
    });
  };
  const auto is_there = parts.publisher.trees().is_live(path, *live, is_excused);
  return is_there && *is_there;
}

}  // namespace

bool is_live(const Parts& parts, const std::string& path, const results::Entry& wanted) {
  if (wanted.tree) return is_live_tree(parts, path, wanted);
  const auto digest = parts.publisher.live_digest(path);
  if (!digest || !*digest) return false;
  if (wanted.sha256) return (*digest)->sha256 == *wanted.sha256;
  // An entry of the original sidecar names no checksum:
  // ours of the same version and URL has to stand for it.
  const auto live = parts.ledger.state()->live_at(path);
  return live && live->entry.version == wanted.version && live->entry.url == wanted.url &&
         live->entry.sha256 == (*digest)->sha256;
}

bool is_live_as_ordered(const Parts& parts, const api::UpdateRequest& request) {
  const auto live = parts.ledger.state()->live_at(request.path);
  if (!live || live->entry.version != request.version) return false;
  const bool is_same_content =
      request.sha256 ? live->entry.sha256 == request.sha256 : live->entry.url == request.url;
  return is_same_content && is_live(parts, request.path, live->entry);
}

}  // namespace okg::hot_update
