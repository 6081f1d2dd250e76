// The JSON patch that changes one key of a ConfigMap
// only while it still holds what we last saw there.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace okg::results {

/// [{"op":"test","path":"/data/KEY","value":EXPECTED},{"op":"replace","path":"/data/KEY","value":NEXT}],
/// and for a key that is to be absent a test for
/// null and an "add". `data` itself has to exist.
///
/// The API server's json-patch library compares strings by their JSON
/// spelling and not by what they mean, so EXPECTED is spelled as Go
/// spells it: "&", "<", ">", U+2028 and U+2029 as \u escapes. A test for
/// null holds for an absent member there, which RFC 6902 leaves open.
/// @source github.com/evanphx/json-patch 4.9 to 4.13, lazyNode.equal and Patch.test; encoding/json,
/// Encoder.SetEscapeHTML
[[nodiscard]] std::string conditional_patch(std::string_view key,
                                            const std::optional<std::string>& expected,
                                            const std::string& next);

}  // namespace okg::results
