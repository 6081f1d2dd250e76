// The names in an archive: what they may be, and when two of them are one.
#pragma once

#include <string>
#include <string_view>

#include "base/error.hpp"
#include "content/archive/limits.hpp"

namespace okg::content {

/// "./maps//1.json" -> "maps/1.json"; empty for the archive's own root ("./").
/// Errors: kRefused for a name that would leave the folder, or cannot be meant.
/// `what` has the name, for messages.
Result<std::string> clean_name(std::string_view name, std::string_view what = "archive");

/// In UTF-8. `is_utf8`: the archive says that it is. Errors: kRefused.
Result<std::string> decode_name(const std::string& raw, bool is_utf8, NameEncoding encoding);

/// Equal for names that a file system may take for
/// one: without case, and in one Unicode form.
[[nodiscard]] std::string collision_key(const std::string& path);

/// True when a symlink at `path` to `target` stays
/// inside the tree, whatever other symlinks of the tree
/// it leads through: ".." may only stand in front.
[[nodiscard]] bool stays_inside(std::string_view path, std::string_view target);

/// Errors: kRefused, the target leads out of the tree, or cannot be meant.
Result<void> check_link_target(std::string_view path, std::string_view target,
                               std::string_view what = "archive");

}  // namespace okg::content
