#include "source/policy.hpp"

#include "base/secret.hpp"

namespace okg::source {

Policy::Policy(const SourceSettings& settings)
    : addresses_(settings.allowed_addresses, settings.denied_addresses,
                 ApiServer::of_environment()) {}

Result<http::Url> Policy::check(std::string_view url) const {
  auto parsed = http::Url::parse(url);
  if (!parsed) return parsed.error();
  if (auto ok = check(*parsed); !ok) return ok.error();
  return parsed;
}

Result<void> Policy::check(const http::Url& url) const {
  if (auto ok = addresses_.check_host(url.host(), url.port()); !ok)
    return ok.error().in("url '" + redact_url(url.text()) + "'");
  return {};
}

}  // namespace okg::source
