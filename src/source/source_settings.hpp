// The settings of sources: where updates may come from.
#pragma once

#include <optional>
#include <vector>

#include "base/setting.hpp"
#include "http/ip_address.hpp"
#include "source/object_store.hpp"
#include "source/source_certificates.hpp"
#include "source/source_headers.hpp"
#include "source/url_prefix.hpp"

namespace okg::source {

struct SourceSettings {
  Setting<std::vector<UrlPrefix>> allowed_sources;  ///< empty: any
  Setting<bool> require_https{false};
  Setting<std::vector<http::IpRange>> allowed_addresses;  ///< although they are refused otherwise
  Setting<std::vector<http::IpRange>> denied_addresses;   ///< beside those that always are
  Setting<std::vector<HeaderFile>> header_files;
  Setting<std::vector<CertificateFiles>> certificates;
  std::optional<ObjectStore> object_store;
};

}  // namespace okg::source
