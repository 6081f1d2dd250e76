// Credentials that a source asks for: added to the
// requests of its URLs, and of no others.
#pragma once

#include <optional>
#include <vector>

#include "base/error.hpp"
#include "http/client/request.hpp"
#include "http/client/url.hpp"
#include "source/source_settings.hpp"

namespace okg::source {

/// Tells whether the answer may repeat a secret of the request.
enum class Secrecy {
  /// Nothing secret was sent in a header: an answer may be quoted.
  kNone,
  /// A header was secret: what the source says is quoted nowhere.
  kSecretHeaders,
  /// Signed as S3 asks for: of an error, its code alone is quoted.
  kSigned,
};

/// Asked for each hop of a redirect again. Safe for threads.
class Credentials {
 public:
  explicit Credentials(const SourceSettings& settings)
      : header_files_(settings.header_files),
        certificates_(settings.certificates),
        object_store_(settings.object_store) {}

  /// `request` is one of this URL. What is signed gets no headers of
  /// files. Errors: SourceUnauthorized, a file is missing or not clear;
  /// kInvalid, the URL cannot be signed.
  [[nodiscard]] Result<Secrecy> add_to(http::ClientRequest& request, const http::Url& url) const;

 private:
  Setting<std::vector<HeaderFile>> header_files_;
  Setting<std::vector<CertificateFiles>> certificates_;
  std::optional<ObjectStore> object_store_;
};

}  // namespace okg::source
