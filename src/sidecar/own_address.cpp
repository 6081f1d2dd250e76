#include "sidecar/own_address.hpp"

#include "http/authority.hpp"

namespace okg::sidecar {

std::string own_url(const Loaded& loaded) {
  auto host = loaded.config.listen.host;
  if (host.empty() || host == "0.0.0.0") host = "127.0.0.1";
  if (host == "::") host = "::1";
  return (loaded.tls ? "https://" : "http://") + http::url_host(host) + ":" +
         std::to_string(loaded.config.listen.port);
}

}  // namespace okg::sidecar
