// The JSON of a manifest, read as a stream of events, so
// that a long one is never in memory as a tree of values.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::content {

/// The members of one element of "files", unchecked.
struct ManifestMembers {
  std::optional<std::string> path{}, url{}, sha256{}, mode{};
  std::optional<std::uint64_t> bytes{}, mode_number{};
};

/// Its error ends the reading.
using TakeMembers = std::function<Result<void>(ManifestMembers)>;

/// Errors: kRefused with kInvalidManifest, it is no JSON of that form; what `take` says.
Result<void> read_manifest_json(std::string_view text, const TakeMembers& take);

[[nodiscard]] Error invalid_manifest(std::string message);

}  // namespace okg::content
