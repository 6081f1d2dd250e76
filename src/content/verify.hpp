// Verify: what was downloaded is what was asked for. Nothing that has not passed here is published.
#pragma once

#include <optional>
#include <string>

#include "base/error.hpp"
#include "content/download.hpp"

namespace okg::content {

struct VerifiedFile {
  DownloadedFile downloaded;
};

/// `url` is for messages. Errors: kRefused (checksum differs, empty content without allowEmpty).
Result<VerifiedFile> verify(DownloadedFile downloaded, const std::string& url,
                            const std::optional<Sha256>& expected,
                            const DownloadSettings& settings);

}  // namespace okg::content
