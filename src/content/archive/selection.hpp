// Chooses the entries of an archive that are wanted, and names them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace okg::content {

struct Selection {
  unsigned strip_components = 0;  ///< leading folders that names lose, as tar(1) does it
  /// Globs, which see the stripped name. None: everything.
  std::vector<std::string> include{};
  std::vector<std::string> exclude{};
  bool operator==(const Selection&) const = default;
};

/// The name to store it under; nothing when it is not wanted.
[[nodiscard]] std::optional<std::string> selected_name(const Selection& selection,
                                                       const std::string& path);

/// `*` and `?` stay within one name, `**` does not. A glob without
/// a slash is compared with each name on the way ("*.lua",
/// "docs"), one with a slash with the path or a folder above it.
[[nodiscard]] bool matches_glob(std::string_view glob, std::string_view path);

}  // namespace okg::content
