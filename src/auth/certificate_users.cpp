#include "auth/certificate_users.hpp"

#include <algorithm>

namespace okg::auth {

void CertificateUsers::identify(const Credential&, const http::Peer& peer, http::Access access,
                                const Identified& identified) {
  const auto& names = peer.certificate_names;
  const auto found = std::ranges::find_if(
      names, [&](const auto& name) { return allowed_.contains(name) || allowed_.contains("*"); });
  if (found == names.end()) return identified(std::nullopt);
  const auto name = "certificate:" + *found;
  identified(Identity{name, access != http::Access::kUpdate || !readers_.contains(name)});
}

}  // namespace okg::auth
