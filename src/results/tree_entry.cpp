#include "results/tree_entry.hpp"

#include "base/text/words.hpp"

namespace okg::results {
namespace {

constexpr Word<TreeFormat> kFormats[]{{TreeFormat::kArchive, "archive"},
                                      {TreeFormat::kManifest, "manifest"}};
constexpr Word<TreeMode> kModes[]{{TreeMode::kMirror, "mirror"}, {TreeMode::kOverlay, "overlay"}};

}  // namespace

std::string_view to_string(TreeFormat format) { return word_of(format, kFormats); }

std::optional<TreeFormat> parse_tree_format(std::string_view word) {
  return value_of(word, kFormats);
}

std::string_view to_string(TreeMode mode) { return word_of(mode, kModes); }

std::optional<TreeMode> parse_tree_mode(std::string_view word) { return value_of(word, kModes); }

}  // namespace okg::results
