#include "content/verify.hpp"

#include <utility>

namespace okg::content {

Result<VerifiedFile> verify(DownloadedFile downloaded, const std::string& url,
                            const std::optional<Sha256>& expected,
                            const DownloadSettings& settings) {
  if (downloaded.bytes == 0 && !settings.allow_empty)
    return fail(ErrorCode::kRefused, url + " is empty; set download.allowEmpty when that is meant");
  if (expected && *expected != downloaded.sha256)
    return fail(ErrorCode::kRefused, url + " has the SHA-256 " + downloaded.sha256.hex() +
                                         ", not " + expected->hex() +
                                         " as asked for; the content at the URL is another one");
  return VerifiedFile{std::move(downloaded)};
}

}  // namespace okg::content
