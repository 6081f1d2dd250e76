#include "plugins/hot_update/verify.hpp"

namespace okg::hot_update {

Result<VerifiedFile> verify(FetchedFile fetched, const UpdateRequest& request,
                            const DownloadSettings& settings) {
  if (fetched.bytes == 0 && !settings.allow_empty)
    return fail(ErrorCode::kRefused,
                request.url + " is empty; set download.allowEmpty when that is meant");
  if (request.sha256 && *request.sha256 != fetched.sha256)
    return fail(ErrorCode::kRefused,
                request.url + " has the SHA-256 " + fetched.sha256.hex() + ", not " +
                    request.sha256->hex() +
                    " as asked for; the content at the address is another one");
  return VerifiedFile{std::move(fetched)};
}

}  // namespace okg::hot_update
