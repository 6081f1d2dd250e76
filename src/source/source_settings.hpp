// What the configuration says of sources: where updates may come from.
#pragma once

#include <optional>
#include <vector>

#include "http/ip_address.hpp"
#include "source/object_store.hpp"
#include "source/source_certificates.hpp"
#include "source/source_headers.hpp"
#include "source/url_prefix.hpp"

namespace okg::source {

struct SourceSettings {
  std::vector<UrlPrefix> allowed_sources;  ///< empty: any
  bool require_https = false;
  std::vector<http::IpRange> allowed_addresses;  ///< although they are refused otherwise
  std::vector<http::IpRange> denied_addresses;   ///< beside those that always are
  std::vector<HeaderFile> header_files;
  std::vector<CertificateFiles> certificates;
  std::optional<ObjectStore> object_store;
};

}  // namespace okg::source
