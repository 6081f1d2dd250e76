#include "content/staged_content.hpp"

#include "base/text/secret.hpp"
#include "content/signature/blake2b.hpp"

namespace okg::content {

Result<StagedContent> StagedContent::verify(DownloadedFile downloaded, const std::string& url,
                                            const std::optional<Sha256>& expected,
                                            const DownloadSettings& settings) {
  if (downloaded.digest.bytes == 0 && !settings.allow_empty)
    return fail(ErrorCode::kRefused, Reason::kEmptyContent, redact_url(url), " is empty");
  if (expected && *expected != downloaded.digest.sha256)
    return fail(ErrorCode::kRefused, Reason::kChecksumMismatch, redact_url(url),
                " has the SHA-256 ", downloaded.digest.sha256.hex(), ", not ", expected->hex(),
                " as asked for; the content at the URL is another one");
  return StagedContent(std::move(downloaded.file), downloaded.digest,
                       std::move(downloaded.validators), std::move(downloaded.blake2b));
}

Result<StagedContent> StagedContent::accept_kept(StagedFile file, const std::string& path,
                                                 const std::optional<Sha256>& expected,
                                                 Validators validators) {
  const auto digest = digest_of(file.fd(), file.path());
  if (!digest) return digest.error();
  if (expected && *expected != digest->sha256)
    return fail(ErrorCode::kRefused, Reason::kKeptContentChanged, "the kept content of ", path,
                " is not what it was: somebody wrote to it; send an update from a source instead");
  return StagedContent(std::move(file), *digest, std::move(validators), {});
}

Result<void> StagedContent::find_blake2b() {
  if (!blake2b_.empty()) return {};
  const auto digest = signature::blake2b_of(file_.fd(), file_.path());
  if (!digest) return digest.error();
  blake2b_ = signature::hex_of(*digest);
  return {};
}

}  // namespace okg::content
