// Which paths are parts of each other.
#pragma once

#include <string>

#include "results/entry.hpp"

namespace okg::hot_update {

/// Whether they are the same, or one is in the other: the later update counts.
[[nodiscard]] inline bool overlap(const std::string& path, const std::string& other) {
  return path == other || results::is_in_tree(path, other) || results::is_in_tree(other, path);
}

}  // namespace okg::hot_update
