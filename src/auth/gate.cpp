#include "auth/gate.hpp"

#include <memory>
#include <utility>

#include "auth/cross_site.hpp"

namespace okg::auth {

http::Authorize gate(HostNames names) {
  return [names = std::make_shared<const HostNames>(std::move(names))](
             const http::ServerRequest& head, http::Access access, const http::Decided& decided) {
    if (access == http::Access::kOpen) return decided({});
    if (auto foreign = names->refuse_foreign(head)) return decided(std::move(foreign));
    decided(refuse_cross_site(head, access));
  };
}

}  // namespace okg::auth
