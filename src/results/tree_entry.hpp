// A path that is a folder made of many files: how it was made, and what it is.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/digest/sha256.hpp"
#include "base/error.hpp"

namespace okg::results {

/// The path of the shared directory itself, as a target.
inline constexpr std::string_view kWholeDirectory = ".";

/// The form in which a URL serves a tree.
enum class TreeFormat {
  kArchive,   ///< A tar or zip.
  kManifest,  ///< A JSON list of files.
};

enum class TreeMode {
  kMirror,   ///< The folder becomes exactly what comes.
  kOverlay,  ///< Files that do not come stay.
};

/// How a folder is made of what the URL has.
struct TreeOptions {
  TreeFormat format = TreeFormat::kArchive;
  TreeMode mode = TreeMode::kMirror;
  unsigned strip_components = 0;
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};
  std::string name_encoding{};  ///< "gbk"; empty: UTF-8
  bool operator==(const TreeOptions&) const = default;
};

struct TreeEntry {
  TreeOptions options{};
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;         ///< of all files
  std::optional<Sha256> digest{};  ///< of paths, kinds, execute bits and contents
  bool operator==(const TreeEntry&) const = default;
};

[[nodiscard]] std::string_view to_string(TreeFormat format);  ///< "archive", "manifest"
[[nodiscard]] std::optional<TreeFormat> parse_tree_format(std::string_view word);
[[nodiscard]] std::string_view to_string(TreeMode mode);  ///< "mirror", "overlay"
[[nodiscard]] std::optional<TreeMode> parse_tree_mode(std::string_view word);

}  // namespace okg::results
