// The errors of archives that are refused.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.hpp"
#include "base/setting.hpp"

namespace okg::content {

/// An error shows so much of an entry's name.
inline constexpr std::size_t kMaxShownNameBytes = 200;

/// An archive that is not what it should be, or would do harm.
[[nodiscard]] inline Error unsafe(std::string message) {
  return fail(ErrorCode::kRefused, Reason::kUnsafeArchive, std::move(message));
}

/// `what`: "the archive".
[[nodiscard]] inline Error too_many_entries(std::string_view what,
                                            const Setting<std::uint64_t>& max_files) {
  return fail(ErrorCode::kRefused, Reason::kTooLarge, what, " has more entries than ",
              name_of(max_files, std::to_string(max_files.value)), " allows");
}

}  // namespace okg::content
