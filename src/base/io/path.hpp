// Questions about paths that need no file system.
#pragma once

#include <filesystem>

namespace okg {

/// True when `path` is `folder` or below it, by their names alone.
[[nodiscard]] bool is_below(const std::filesystem::path& path, const std::filesystem::path& folder);

}  // namespace okg
