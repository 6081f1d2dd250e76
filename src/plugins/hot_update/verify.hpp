// Verify: what was fetched is what was asked for. Nothing that has not passed here can be
// published.
#pragma once

#include "base/error.hpp"
#include "plugins/hot_update/fetch.hpp"
#include "plugins/hot_update/request.hpp"

namespace okg::hot_update {

struct VerifiedFile {
  FetchedFile fetched;
};

/// Errors: kRefused (checksum differs, empty content without allowEmpty).
Result<VerifiedFile> verify(FetchedFile fetched, const UpdateRequest& request,
                            const DownloadSettings& settings);

}  // namespace okg::hot_update
