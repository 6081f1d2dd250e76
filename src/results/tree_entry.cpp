#include "results/tree_entry.hpp"

namespace okg::results {

std::string_view to_string(TreeFormat format) {
  return format == TreeFormat::kArchive ? "archive" : "manifest";
}

std::optional<TreeFormat> parse_tree_format(std::string_view word) {
  if (word == "archive") return TreeFormat::kArchive;
  if (word == "manifest") return TreeFormat::kManifest;
  return std::nullopt;
}

std::string_view to_string(TreeMode mode) {
  return mode == TreeMode::kMirror ? "mirror" : "overlay";
}

std::optional<TreeMode> parse_tree_mode(std::string_view word) {
  if (word == "mirror") return TreeMode::kMirror;
  if (word == "overlay") return TreeMode::kOverlay;
  return std::nullopt;
}

}  // namespace okg::results
