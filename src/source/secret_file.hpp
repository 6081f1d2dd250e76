// A file with a credential for a source: a password, a token or a key.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace okg::source {

/// A file that the configuration names under `key`.
struct SecretFile {
  std::string_view key;  ///< outlives it
  const std::filesystem::path& file;

  /// SourceUnauthorized: "KEY: /etc/x has no header". `why`
  /// repeats nothing of the file.
  [[nodiscard]] Error unusable(std::string_view why) const;
  /// Read each time, so that a new Secret counts at once. Errors: as above.
  [[nodiscard]] Result<std::string> read(std::size_t max_bytes) const;
};

}  // namespace okg::source
