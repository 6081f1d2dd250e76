// Names the kind of a file by its first bytes, for messages:
// archives that are read here, and others that people send.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace okg::content {

/// A format that is not read, as in "is a 7z archive"; empty for
/// anything else. @source magic(5)
[[nodiscard]] std::string_view foreign_archive(std::span<const std::byte> head);

/// True for an archive, also for a packed
/// tar and for one that is not read.
[[nodiscard]] bool is_archive(int fd);

/// Why the file is no archive that is read here, and what to do about it.
[[nodiscard]] std::string why_no_archive(int fd);

}  // namespace okg::content
