// Client certificates for sources, from files.
#pragma once

#include <filesystem>
#include <vector>

#include "base/error.hpp"
#include "base/setting.hpp"
#include "http/client/request.hpp"
#include "http/client/url.hpp"
#include "source/url_prefix.hpp"

namespace okg::source {

/// PEM files for URLs of `urls`, which are https.
struct CertificateFiles {
  UrlPrefix urls;
  std::filesystem::path certificate;  ///< with the chain behind it; empty: none is shown
  std::filesystem::path key;          ///< of `certificate`, without a password
  std::filesystem::path authority;    ///< who may have signed the source's; empty: as for others
};

/// Has `request`, of this URL, use the first of `files` that holds
/// it, and name their setting. Errors: SourceUnauthorized, a file cannot be used.
[[nodiscard]] Result<void> add_certificate(const Setting<std::vector<CertificateFiles>>& files,
                                           const http::Url& url, http::ClientRequest& request);

}  // namespace okg::source
